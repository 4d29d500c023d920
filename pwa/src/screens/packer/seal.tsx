import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { insideOf, type Job, type JobCarton, piecesIn } from "../../packing/bench-plan";
import { Badge, Button, Card, Facts, Prompt, Screen } from "../../ui";
import { type Bench, site } from "./bench";
import { cartonNo, kindOf } from "./carton-step";
import { addressLines, shipTo } from "./label";
import type { PackLine } from "./pack";

interface FinalCheckProps {
  bench: Bench;
  job: Job;
  carton: JobCarton;
  allIn: boolean;
  onSeal: () => Promise<void>;
}

/** The third gate: the last look before the tape: what is in, how heavy, for whom. */
export function FinalCheck({ bench, job, carton, allIn, onSeal }: FinalCheckProps) {
  const [busy, setBusy] = useState(false);
  const lines = bench.lines.value;
  const seal = () => {
    setBusy(true);
    void onSeal().finally(() => setBusy(false));
  };
  const back = () => {
    if (bench.weighed.value && site.packing.value.weigh) bench.weighed.value = null;
    else bench.closing.value = false;
  };
  return (
    <Screen
      title={t("packer.finalCheck")}
      subtitle={job.order_number}
      back={back}
      actions={
        <Button
          kind="primary"
          icon="flag"
          data-testid="close-parcel"
          disabled={busy}
          onClick={seal}
        >
          {t(allIn ? "packer.closeParcel" : "packer.sealCarton")}
        </Button>
      }
    >
      <Prompt icon="box">{t("packer.finalAsk")}</Prompt>
      <Card
        title={cartonNo(job, carton.parcel)}
        trailing={
          <Badge tone={allIn ? "right" : "neutral"}>
            {t(allIn ? "packer.allIn" : "packer.moreToCome")}
          </Badge>
        }
      >
        <Contents
          job={job}
          lines={lines}
          carton={carton}
          weight={bench.weighed.value?.grams ?? 0}
        />
      </Card>
    </Screen>
  );
}

interface ContentsProps {
  job: Job;
  lines: readonly PackLine[];
  carton: JobCarton;
  weight: number;
}

function Contents({ job, lines, carton, weight }: ContentsProps) {
  const { parcel } = carton;
  const kind = kindOf(carton);
  const to = shipTo(job.ship_to);
  const n = lines.filter(line => insideOf(line, parcel) > 0).length;
  return (
    <Facts
      rows={[
        [t("packer.parcel"), <span class="code">{parcel}</span>],
        ...(kind ? ([[t("packer.kind"), kind]] as const) : []),
        [t("packer.lines"), t("packer.piecesLines", { pieces: piecesIn(lines, parcel), n })],
        [
          t("packer.weight"),
          weight > 0 ? t("packer.weightGrams", { n: weight }) : t("packer.weightNone"),
        ],
        [t("packer.shipTo"), [to.name || job.customer_name, ...addressLines(to)].join(", ")],
      ]}
    />
  );
}

interface AllSealedProps {
  job: Job;
  lines: readonly PackLine[];
  onFinish: () => Promise<void>;
}

/** Nothing is left to pack: what came last was flawed or missing. */
export function AllSealed({ job, lines, onFinish }: AllSealedProps) {
  const [busy, setBusy] = useState(false);
  const finish = () => {
    setBusy(true);
    void onFinish().finally(() => setBusy(false));
  };
  const any = lines.some(line => line.packed > 0);
  return (
    <Screen
      title={job.order_number}
      back="/packer"
      actions={
        <Button
          kind="primary"
          icon="flag"
          data-testid="finish-order"
          disabled={busy}
          onClick={finish}
        >
          {t("packer.finishOrder")}
        </Button>
      }
    >
      <Prompt icon="flag">{t(any ? "packer.allSealed" : "packer.nothingLeft")}</Prompt>
    </Screen>
  );
}
