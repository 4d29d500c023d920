import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch, replica, useRows } from "../../sync";
import { Badge, Button, FullStop, List, ListItem, ManualEntry, Prompt, Screen } from "../../ui";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import { Bars } from "./bars";
import { isSscc } from "./code128";
import { cartonNumber, onPallet, type Pallet } from "./pallet";
import { PrinterCard, useLabelPrinter } from "./printer";
import "./label.css";

const HOME = "/packer";

/** The pallet that was built last, for its label: its row leaves the device with it. */
const built = signal<Pallet | undefined>(undefined);

/** Cartons by scan onto a pallet; its number was given before, so that no network is needed. */
export function PalletScreen() {
  const pallet = onPallet(useRows("pallet"));
  if (pallet) return <Building pallet={pallet} />;
  return (
    <Screen title={t("packer.pallet")} back={HOME} trailing={<TrayButton />}>
      <Prompt icon="offline">{t("packer.palletNone")}</Prompt>
    </Screen>
  );
}

function Building({ pallet }: { pallet: Pallet }) {
  const [wrong, setWrong] = useState<string>();
  const { number, parcels } = pallet;
  useScans(async scan => setWrong(await put(number, scan)));
  const done = async () => {
    built.value = pallet;
    const body = { pallet: number, parcels, built: true };
    if (!(await saved(() => dispatch("packing.build_pallet", body)))) return;
    feedback("done");
    navigate(`${HOME}/pallet/${encodeURIComponent(number)}/label`, { replace: true });
  };
  const off = (parcel: string) =>
    saved(() =>
      dispatch("packing.build_pallet", {
        pallet: number,
        parcels: parcels.filter(each => each !== parcel),
      }),
    );
  return (
    <Screen
      title={t("packer.pallet")}
      subtitle={number}
      back={HOME}
      trailing={<TrayButton />}
      actions={
        <>
          <ManualEntry />
          <Button
            kind="primary"
            icon="flag"
            data-testid="pallet-built"
            disabled={parcels.length === 0}
            onClick={() => void done()}
          >
            {t("packer.palletDone")}
          </Button>
        </>
      }
    >
      <Prompt>{t("packer.palletScan")}</Prompt>
      <div data-testid="on-pallet">
        <Badge tone="info">{t("packer.palletOn", { n: parcels.length })}</Badge>
      </div>
      <List label={t("packer.pallet")} empty={t("packer.palletEmpty")}>
        {[...parcels].reverse().map(parcel => (
          <ListItem
            key={parcel}
            title={parcel}
            detail={t("packer.palletOff")}
            onClick={() => void off(parcel)}
          />
        ))}
      </List>
      {wrong !== undefined && (
        <FullStop
          title={t("packer.notACarton")}
          expected={t("packer.aCarton")}
          scanned={wrong}
          mend={t("packer.notACartonMend")}
          onClose={() => setWrong(undefined)}
        />
      )}
    </Screen>
  );
}

/** The whole list is said each time, so that a scan that comes twice is one. */
async function put(number: string, { raw, at }: RawScan): Promise<string | undefined> {
  const parcel = cartonNumber(resolve(raw, { year: new Date(at).getFullYear() }));
  // From the replica and not from the last rendering: the scan before may be newer than that.
  const parcels = replica.row("pallet", number).value?.parcels ?? [];
  if (parcel === null || parcel === number) {
    feedback("wrong");
    return raw;
  }
  const all = parcels.includes(parcel) ? parcels : [...parcels, parcel];
  const body = { pallet: number, parcels: all };
  if (await saved(() => dispatch("packing.build_pallet", body))) feedback("right");
  return undefined;
}

/** The label of the pallet, printed by the browser: no network is needed. */
export function PalletLabel({ params }: RouteProps) {
  const number = params.number ?? "";
  const printer = useLabelPrinter(number, "pallet");
  const n = built.value?.number === number ? built.value.parcels.length : 0;
  return (
    <Screen
      title={t("packer.palletLabel")}
      back={HOME}
      actions={
        <>
          <Button data-testid="to-tasks" onClick={() => navigate(HOME, { replace: true })}>
            {t("packer.nextParcel")}
          </Button>
          <Button kind="primary" data-testid="print" onClick={printer.print}>
            {t("packer.print")}
          </Button>
        </>
      }
    >
      <PrinterCard number={number} problem={printer.problem} />
      <section class="parcel-label" data-testid="label">
        <div class="to">
          <small>{t("packer.palletLabel")}</small>
          {n > 0 && <p>{t("packer.palletOn", { n })}</p>}
        </div>
        <Bars text={number} />
        <strong class="number">{isSscc(number) ? `(00) ${number}` : number}</strong>
      </section>
    </Screen>
  );
}
