import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { insideOf } from "../../packing/bench-plan";
import { useHeldScans } from "../../scan/use-scans";
import { Button, Keypad, Prompt, Screen } from "../../ui";
import { Alert } from "../floor/alert";
import type { Bench } from "./bench";
import { FlawReport } from "./flaw";
import type { PackLine } from "./pack";

interface LineScreenProps {
  line: PackLine;
  bench: Bench;
  onDone: () => void;
}

/** One line by hand: how many are in this carton, one out again, or what is wrong with some. */
export function LineScreen({ line, bench, onDone }: LineScreenProps) {
  const [flawed, setFlawed] = useState(false);
  useHeldScans();
  if (flawed) return <FlawReport line={line} onBack={() => setFlawed(false)} onDone={onDone} />;
  return <CountPad line={line} bench={bench} onDone={onDone} onFlaw={() => setFlawed(true)} />;
}

/** Many of the same: the number in the carton, all told. */
function CountPad({ line, bench, onDone, onFlaw }: LineScreenProps & { onFlaw: () => void }) {
  const [value, setValue] = useState("");
  const here = insideOf(line, bench.carton.value?.parcel ?? "");
  const submit = async () => {
    if (value !== "" && (await bench.amount(line.no, Number(value)))) onDone();
  };
  const back = () => {
    bench.clear();
    onDone();
  };
  const out = async () => {
    if (await bench.takeOut(line.no)) back();
  };
  return (
    <Screen
      title={line.name}
      subtitle={t("packer.hereNow", { n: here })}
      back={back}
      actions={
        <Keypad
          label={t("ui.howMany")}
          value={value}
          onChange={setValue}
          onSubmit={() => void submit()}
          {...(value !== "" && { submitLabel: t("packer.inParcel", { n: Number(value) }) })}
          maxLength={6}
        />
      }
    >
      {bench.typedTooMany.value ? (
        <Alert id="too-many">{t("packer.tooManyTyped", { n: bench.most(line) })}</Alert>
      ) : (
        <Prompt icon="keys">{ask(line, bench)}</Prompt>
      )}
      <div class="pair">
        {here > 0 && (
          <Button icon="minus" data-testid="take-out" onClick={() => void out()}>
            {t("packer.takeOut")}
          </Button>
        )}
        {!bench.blind.value && line.flawed < line.qty && (
          <Button icon="warn" data-testid="flaw" onClick={onFlaw}>
            {t("packer.flaw")}
          </Button>
        )}
      </div>
    </Screen>
  );
}

function ask(line: PackLine, bench: Bench): string {
  if (bench.blind.value) return t("packer.howManyBlind", { name: line.name });
  return t("packer.howMany", { name: line.name, n: bench.most(line) });
}
