import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { expectedGrams, isOff, type JobCarton } from "../../packing/bench-plan";
import { connectScale, hasSerial, reading, resumeScale, scaleState } from "../../packing/scale";
import { feedback } from "../../scan/feedback";
import { Button, Choices, Keypad, Prompt, Screen } from "../../ui";
import { Alert } from "../floor/alert";
import { type Bench, site, type Weighed } from "./bench";

const HEAVIEST_G = 2_000_000;
const DIGITS = String(HEAVIEST_G).length;

interface WeighProps {
  bench: Bench;
  carton: JobCarton;
  allIn: boolean;
}

/** The carton on the scale. What is not as expected is weighed again, or told why it is right. */
export function Weigh({ bench, carton, allIn }: WeighProps) {
  const [doubted, setDoubted] = useState<Weighed | null>(null);
  const expected = expectedGrams(bench.lines.value, carton, site.cartons.value);
  const take = (grams: number, scale: Weighed["scale"]) => {
    const said = { grams: Math.min(HEAVIEST_G, grams), scale, reason: "" } as const;
    if (isOff(said.grams, expected, site.packing.value, carton.carton !== null)) {
      feedback("wrong");
      return setDoubted(said);
    }
    feedback("right");
    bench.weighed.value = said;
  };
  if (doubted)
    return (
      <WeightOff
        said={doubted}
        expected={expected ?? 0}
        onAgain={() => setDoubted(null)}
        onRight={reason => {
          bench.weighed.value = { ...doubted, reason };
        }}
      />
    );
  const back = () => {
    bench.closing.value = false;
  };
  return (
    <OnTheScale
      parcel={carton.parcel}
      expected={expected}
      onWeight={take}
      back={allIn ? "/packer" : back}
    />
  );
}

interface OnTheScaleProps {
  parcel: string;
  expected: number | null;
  onWeight: (grams: number, scale: Weighed["scale"]) => void;
  back: string | (() => void);
}

function OnTheScale({ parcel, expected, onWeight, back }: OnTheScaleProps) {
  const [value, setValue] = useState("");
  useEffect(() => void resumeScale(), []);
  return (
    <Screen
      title={t("packer.weigh")}
      subtitle={parcel}
      back={back}
      actions={
        <Keypad
          label={t("packer.grams")}
          value={value}
          onChange={setValue}
          onSubmit={() => value !== "" && onWeight(Number(value), "typed")}
          {...(value !== "" && { submitLabel: t("packer.weightGrams", { n: Number(value) }) })}
          maxLength={DIGITS}
        />
      }
    >
      <Prompt icon="box">{t("packer.weighHint")}</Prompt>
      {expected !== null && <p class="soft">{t("packer.weighExpected", { n: expected })}</p>}
      <Scale onTake={grams => onWeight(grams, "port")} />
      <div class="pair">
        {hasSerial() && scaleState.value !== "ready" && (
          <Button data-testid="connect-scale" onClick={() => void connectScale()}>
            {t("packer.scaleConnect")}
          </Button>
        )}
        <Button data-testid="no-weight" onClick={() => onWeight(0, "")}>
          {t("packer.withoutWeight")}
        </Button>
      </div>
    </Screen>
  );
}

/** What the scale on the wire says; nothing at all where there is none. */
function Scale({ onTake }: { onTake: (grams: number) => void }) {
  const now = reading.value;
  if (scaleState.value === "ready") {
    if (!now || now.grams <= 0) return <p class="soft">{t("packer.scaleEmpty")}</p>;
    return (
      <Button
        kind="primary"
        data-testid="take-reading"
        disabled={!now.stable}
        onClick={() => onTake(now.grams)}
      >
        {t(now.stable ? "packer.scaleTake" : "packer.scaleMoving", { n: now.grams })}
      </Button>
    );
  }
  return scaleState.value === "away" ? <p class="soft">{t("packer.scaleAway")}</p> : null;
}

const REASONS = {
  packaging: "packer.weightPackaging",
  item_weight: "packer.weightItem",
  scale: "packer.weightScale",
  other: "packer.weightOther",
} as const;

type Reason = keyof typeof REASONS;

interface WeightOffProps {
  said: Weighed;
  expected: number;
  onAgain: () => void;
  onRight: (reason: Reason) => void;
}

function WeightOff({ said, expected, onAgain, onRight }: WeightOffProps) {
  const [reason, setReason] = useState<Reason | null>(null);
  return (
    <Screen
      title={t("packer.weightOff")}
      back={onAgain}
      actions={
        <>
          <Button
            data-testid="weight-right"
            disabled={reason === null}
            onClick={() => reason && onRight(reason)}
          >
            {t("packer.weightRight")}
          </Button>
          <Button kind="primary" icon="undo" data-testid="weigh-again" onClick={onAgain}>
            {t("packer.weighAgain")}
          </Button>
        </>
      }
    >
      <Alert id="weight-off">
        {t(said.grams < expected ? "packer.tooLight" : "packer.tooHeavy", {
          measured: said.grams,
          n: expected,
        })}
      </Alert>
      <h2 class="section-title">{t("packer.weightWhy")}</h2>
      <Choices
        label={t("packer.weightWhy")}
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
