import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { RowTypes } from "../../kernel/contract";
import { Badge, Button, Card, Facts, Keypad, Prompt, Screen } from "../../ui";
import { Alert } from "../floor/alert";
import { addressLines, shipTo } from "./label";
import { goodsWeight, isTooLight, type PackLine, pieces } from "./pack";

interface SealProps {
  job: RowTypes["pack_job"];
  lines: readonly PackLine[];
}

const HEAVIEST_G = 2_000_000;
const DIGITS = String(HEAVIEST_G).length;

/** The scale's figure in grams; 0 where there is no scale. */
export function Weigh({ job, lines, onWeight }: SealProps & { onWeight: (grams: number) => void }) {
  const [value, setValue] = useState("");
  const goods = goodsWeight(lines);
  const take = () => onWeight(Math.min(HEAVIEST_G, Number(value)));
  return (
    <Screen
      title={t("packer.weigh")}
      subtitle={job.parcel}
      back="/packer"
      actions={
        <Keypad
          label={t("packer.grams")}
          value={value}
          onChange={setValue}
          onSubmit={take}
          {...(value !== "" && { submitLabel: t("packer.weightGrams", { n: Number(value) }) })}
          maxLength={DIGITS}
        />
      }
    >
      <Prompt icon="box">{t("packer.weighHint")}</Prompt>
      {goods !== null && <p class="soft">{t("packer.weighGoods", { n: goods })}</p>}
      <Button data-testid="no-weight" onClick={() => onWeight(0)}>
        {t("packer.withoutWeight")}
      </Button>
    </Screen>
  );
}

interface FinalCheckProps extends SealProps {
  weight: number;
  onClose: () => Promise<void>;
  onBack: () => void;
}

/** The last look before the tape: what is in, how heavy, for whom. */
export function FinalCheck({ job, lines, weight, onClose, onBack }: FinalCheckProps) {
  const [busy, setBusy] = useState(false);
  const goods = goodsWeight(lines);
  const close = () => {
    setBusy(true);
    void onClose().finally(() => setBusy(false));
  };
  return (
    <Screen
      title={t("packer.finalCheck")}
      subtitle={job.order_number}
      back={onBack}
      actions={
        <Button
          kind="primary"
          icon="flag"
          data-testid="close-parcel"
          disabled={busy}
          onClick={close}
        >
          {t("packer.closeParcel")}
        </Button>
      }
    >
      <Prompt icon="box">{t("packer.finalAsk")}</Prompt>
      {isTooLight(weight, goods) && (
        <Alert id="too-light">{t("packer.tooLight", { n: goods ?? 0 })}</Alert>
      )}
      <Card title={job.parcel} trailing={<Badge tone="right">{t("packer.allIn")}</Badge>}>
        <Contents job={job} lines={lines} weight={weight} />
      </Card>
    </Screen>
  );
}

function Contents({ job, lines, weight }: SealProps & { weight: number }) {
  const to = shipTo(job.ship_to);
  const counted = { pieces: pieces(lines).packed, n: lines.length };
  return (
    <Facts
      rows={[
        [t("packer.lines"), t("packer.piecesLines", counted)],
        [
          t("packer.weight"),
          weight > 0 ? t("packer.weightGrams", { n: weight }) : t("packer.weightNone"),
        ],
        [t("packer.shipTo"), [to.name || job.customer_name, ...addressLines(to)].join(", ")],
      ]}
    />
  );
}
