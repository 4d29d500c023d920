import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { connection } from "../../shell";
import { session } from "../../sync";
import { Button, FullStop, ManualEntry, Prompt, Screen } from "../../ui";
import { PapersPrompt } from "../papers/prompt";
import { Bars } from "./bars";
import { isSscc } from "./code128";
import { keepLabel, type Label, labels } from "./label";
import { PrinterCard, useLabelPrinter, usePrintOnce } from "./printer";
import { useWaybill, type Waybill, WaybillPart } from "./waybill";
import "./label.css";

const HOME = "/packer";

/** The label of a closed carton: printed, stuck on and scanned, with or without a network. */
export function LabelScreen({ params }: RouteProps) {
  const parcel = params.parcel ?? "";
  const label = labels.value.get(parcel);
  const [wrong, setWrong] = useState<string>();
  const path = label?.next ? `${HOME}/task/${encodeURIComponent(label.next)}` : HOME;
  const on = () => navigate(path, { replace: true });
  const printer = useLabelPrinter(parcel, "parcel");
  const waybill = useWaybill(parcel);
  const once = () => {
    if (label) keepLabel({ ...label, print: false });
  };
  usePrintOnce(label?.print ?? false, printer.print, once);
  useScans(({ raw }) => {
    if (raw.trim() === parcel || raw.endsWith(parcel)) {
      feedback("right");
      return on();
    }
    feedback("wrong");
    setWrong(raw);
  });
  return (
    <Screen
      title={t("packer.label")}
      back={path}
      actions={<Actions parcel={parcel} more={!!label?.next} onDone={on} onPrint={printer.print} />}
    >
      <Prompt>{t("packer.labelScan")}</Prompt>
      {label && label.next === "" && <PapersPrompt order={label.of} />}
      <PrinterCard number={parcel} problem={printer.problem} />
      <ParcelLabel parcel={parcel} label={label} waybill={waybill} />
      {wrong !== undefined && (
        <FullStop
          title={t("packer.notAsked")}
          expected={parcel}
          scanned={wrong}
          mend={t("packer.labelWrong", { parcel })}
          onClose={() => setWrong(undefined)}
        />
      )}
    </Screen>
  );
}

interface ActionsProps {
  parcel: string;
  /** Another carton of the same order follows. */
  more: boolean;
  onDone: () => void;
  onPrint: () => void;
}

function Actions({ parcel, more, onDone, onPrint }: ActionsProps) {
  return (
    <>
      <ManualEntry hint={t("packer.labelHint", { parcel })} />
      <div class="pair">
        {connection.value.online && <PdfLink parcel={parcel} />}
        <Button data-testid="to-tasks" onClick={onDone}>
          {t(more ? "packer.nextCarton" : "packer.nextParcel")}
        </Button>
      </div>
      <Button kind="primary" data-testid="print" onClick={onPrint}>
        {t("packer.print")}
      </Button>
    </>
  );
}

/** The server's own label, typeset and with its tracking code. */
function PdfLink({ parcel }: { parcel: string }) {
  const query = new URLSearchParams({ sid: session.value?.sid ?? "" });
  const href = `/documents/labels/${encodeURIComponent(parcel)}.pdf?${query}`;
  return (
    <a class="button" href={href} target="_blank" rel="noopener">
      {t("packer.pdf")}
    </a>
  );
}

interface ParcelLabelProps {
  parcel: string;
  label: Label | undefined;
  waybill: Waybill | null;
}

/** 100 × 150 mm on paper, a preview of it on the screen. */
function ParcelLabel({ parcel, label, waybill }: ParcelLabelProps) {
  return (
    <section class="parcel-label" data-testid="label">
      <div class="to">
        <small>{t("packer.shipTo")}</small>
        {label ? <Address label={label} /> : <p class="no-print">{t("packer.addressGone")}</p>}
      </div>
      {label && (
        <div class="about">
          <span>
            {t("packer.order")} <strong>{label.order}</strong>
          </span>
          {label.place && (
            <span>
              {t("packer.parcel")} <strong>{label.place}</strong>
            </span>
          )}
          {label.weight_g > 0 && <span>{t("packer.weightGrams", { n: label.weight_g })}</span>}
        </div>
      )}
      {waybill?.modules && <WaybillPart waybill={waybill} />}
      <Bars text={parcel} />
      <strong class="number">{isSscc(parcel) ? `(00) ${parcel}` : parcel}</strong>
    </section>
  );
}

function Address({ label }: { label: Label }) {
  return (
    <address>
      <strong>{label.name}</strong>
      {label.address.map((line, i) => (
        <span key={i}>{line}</span>
      ))}
      {label.phone && (
        <span class="phone">
          {t("packer.phone")} {label.phone}
        </span>
      )}
    </address>
  );
}
