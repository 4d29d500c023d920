import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { insideOf, type Job, type JobCarton } from "../../packing/bench-plan";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import { Button, List, ListItem, Prompt, Screen } from "../../ui";
import { saved } from "../floor/saved";
import type { Bench } from "./bench";
import { cartonWords } from "./carton-step";
import type { PackLine } from "./pack";

/** Lines in this carton that nobody has looked at. */
export function unlooked(lines: readonly PackLine[], parcel: string): PackLine[] {
  return lines.filter(line => insideOf(line, parcel) > 0 && !line.looked);
}

interface QualityProps {
  bench: Bench;
  job: Job;
  carton: JobCarton;
  onLine: (no: number) => void;
}

/** The second gate: each item is looked at. A tap on one says what is wrong with it. */
export function Quality({ bench, job, carton, onLine }: QualityProps) {
  const [busy, setBusy] = useState(false);
  const lines = unlooked(bench.lines.value, carton.parcel);
  const ok = async () => {
    setBusy(true);
    const body = { task: bench.task, lines: lines.map(({ no }) => no) };
    const kept = await saved(() => dispatch("packing.check_quality", body));
    setBusy(false);
    if (kept) feedback("right");
  };
  const back = () => {
    bench.closing.value = false;
  };
  return (
    <Screen
      title={t("packer.quality")}
      subtitle={cartonWords(job, carton)}
      {...(bench.closing.value ? { back } : { back: "/packer" })}
      actions={
        <Button
          kind="primary"
          icon="check"
          data-testid="quality-ok"
          disabled={busy}
          onClick={() => void ok()}
        >
          {t("packer.qualityOk")}
        </Button>
      }
    >
      <Prompt icon="search">{t("packer.qualityAsk")}</Prompt>
      <List label={t("packer.quality")}>
        {lines.map(line => (
          <ListItem
            key={line.no}
            title={<span data-testid={`look-${line.sku}`}>{line.name}</span>}
            detail={t("packer.qualityTap")}
            trailing={<strong>{insideOf(line, carton.parcel)}</strong>}
            onClick={() => onLine(line.no)}
          />
        ))}
      </List>
    </Screen>
  );
}
