import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { Button, Choices, Keypad, Prompt, Screen } from "../../ui";
import { Alert } from "../floor/alert";
import type { Carrier } from "./carrier";
import { left, type MoveLine } from "./mover";

const REASONS = {
  missing: "picker.missing",
  damaged: "picker.damaged",
  wrong_item: "picker.wrongItemThere",
  blocked: "picker.blocked",
  no_room: "stock.noRoom",
  other: "picker.other",
} as const;

type Reason = keyof typeof REASONS;

interface MoveProblemProps {
  line: MoveLine;
  carrier: Carrier;
  onBack: () => void;
}

/** It cannot be brought as asked: why, and how many can be all the same. */
export function MoveProblem({ line, carrier, onBack }: MoveProblemProps) {
  const [reason, setReason] = useState<Reason | null>(null);
  const [asking, setAsking] = useState(false);
  const [found, setFound] = useState("");
  useScans(() => feedback("wrong"));
  const subtitle = `${line.from_bin} · ${line.name}`;
  const tooMany = Number(found) >= left(line);
  const send = async () => {
    await carrier.report(reason ?? "other", Number(found), "");
    onBack();
  };
  if (asking)
    return (
      <Screen
        title={t("stock.foundTitle")}
        subtitle={subtitle}
        back={() => setAsking(false)}
        actions={
          <Keypad
            label={t("stock.foundTitle")}
            value={found}
            onChange={setFound}
            onSubmit={tooMany ? onBack : () => void send()}
            submitLabel={t(tooMany ? "common.back" : "picker.sendReport")}
            maxLength={6}
          />
        }
      >
        <Prompt icon="keys">{t("stock.foundHint", { n: left(line) })}</Prompt>
        {tooMany && <Alert id="found-all">{t("stock.foundAll")}</Alert>}
      </Screen>
    );
  return (
    <Screen
      title={t("picker.shortTitle")}
      subtitle={subtitle}
      back={onBack}
      actions={
        <Button
          kind="primary"
          data-testid="problem-next"
          disabled={reason === null}
          onClick={() => setAsking(true)}
        >
          {t("common.next")}
        </Button>
      }
    >
      <Choices
        label={t("picker.shortTitle")}
        value={reason}
        options={(Object.keys(REASONS) as Reason[]).map(value => ({
          value,
          label: t(REASONS[value]),
        }))}
        onChange={setReason}
      />
    </Screen>
  );
}
