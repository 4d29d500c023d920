import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { connection, unsent } from "../../shell";
import { read } from "../desk/ask";
import { ModuleBars } from "./bars";

/** What the carrier wants on a parcel; all of it empty where none was chosen. */
export interface Waybill {
  readonly carrier: string;
  readonly service: string;
  readonly number: string;
  readonly modules: string;
}

/** Asked for when everything is sent: the carrier may be chosen by the parcel's own sealing. */
export function useWaybill(parcel: string): Waybill | null {
  const [known, setKnown] = useState<Waybill | null>(null);
  const mayAsk = connection.value.online && unsent.value === 0;
  useEffect(() => {
    if (!mayAsk) return undefined;
    let current = true;
    const path = `/documents/labels/${encodeURIComponent(parcel)}/waybill`;
    void read<Waybill>(path).then(answer => {
      if (current && answer.ok) setKnown(answer.body);
    });
    return () => {
      current = false;
    };
  }, [parcel, mayAsk]);
  return known;
}

/** The carrier's own bars on the label that the device draws. */
export function WaybillPart({ waybill }: { waybill: Waybill }) {
  const { carrier, service, number, modules } = waybill;
  return (
    <div class="carried" data-testid="waybill">
      <span>
        <strong>{carrier}</strong> {service}
      </span>
      <ModuleBars modules={modules} label={t("printing.waybillOf", { number })} />
      <span class="waybill-number">{number}</span>
    </div>
  );
}
