import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../i18n";
import { toldOf } from "../../printing/job";
import { printer, station, stations } from "../../printing/stations";
import { settings } from "../../settings";
import { connection } from "../../shell";
import { submit, useRow } from "../../sync";
import { Badge, Button, Card, Choices, Dialog } from "../../ui";
import { refusalWords } from "../desk/ask";

export interface LabelPrinter {
  /** Whether the server prints for this bench, and can be asked now. */
  readonly isReady: boolean;
  /** Where a label comes out: the bench's printer, or else what this device prints to. */
  readonly print: () => void;
  /** Why it could not even be asked for. */
  readonly problem: string | undefined;
}

/** Prints at the bench where it has a printer and a network, else through the browser. */
export function useLabelPrinter(number: string, what: "parcel" | "pallet"): LabelPrinter {
  const [problem, setProblem] = useState<string>();
  const here = printer.value;
  const isReady = here !== undefined && connection.value.online;
  const print = () => {
    if (!here || !isReady) return window.print();
    setProblem(undefined);
    const asked = { number, what, station: here.id, lang: language.peek() };
    void submit("packing.print_label", asked).then(told => setProblem(refusalWords(told)));
  };
  return { isReady, print, problem };
}

/** A label that comes out by itself, once: coming back to its screen prints nothing. */
export function usePrintOnce(wanted: boolean, print: () => void, onDone: () => void): void {
  useEffect(() => {
    if (!wanted) return;
    onDone();
    print();
  }, [wanted]);
}

/** Which printer, what became of the label, and the way round a printer that does not print. */
export function PrinterCard({ number, problem }: { number: string; problem: string | undefined }) {
  const [asks, setAsks] = useState(false);
  const job = useRow("print_job", number);
  if (stations.value.length === 0) return null;
  const told = printer.value && job ? toldOf(job) : null;
  const isAway = printer.value && !connection.value.online;
  return (
    <Card
      title={station.value?.name ?? t("printing.choose")}
      trailing={
        stations.value.length > 1 && (
          <Button data-testid="change-station" onClick={() => setAsks(true)}>
            {t(station.value ? "printing.change" : "printing.pick")}
          </Button>
        )
      }
    >
      <div class="stack">
        <div class="stack" role="status" data-testid="print-state" data-state={job?.state ?? ""}>
          {told && <Badge tone={told.tone}>{told.words}</Badge>}
          {told?.mend && <p>{told.mend}</p>}
          {problem && <p role="alert">{problem}</p>}
          {isAway && <p>{t("printing.offline")}</p>}
        </div>
        {printer.value && (
          <Button data-testid="print-here" onClick={() => window.print()}>
            {t("printing.onDevice")}
          </Button>
        )}
      </div>
      {asks && <ChooseStation onClose={() => setAsks(false)} />}
    </Card>
  );
}

function ChooseStation({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      title={t("printing.choose")}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      <div class="stack">
        <p class="soft">{t("printing.chooseHint")}</p>
        <Choices
          label={t("printing.choose")}
          value={station.value?.id ?? null}
          options={stations.value.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={id => {
            settings.station.value = id;
            onClose();
          }}
        />
      </div>
    </Dialog>
  );
}
