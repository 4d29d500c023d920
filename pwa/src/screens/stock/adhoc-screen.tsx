import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch, replica } from "../../sync";
import {
  BarButton,
  Button,
  Facts,
  FullStop,
  Keypad,
  ManualEntry,
  Prompt,
  Screen,
  toast,
} from "../../ui";
import { say } from "../../voice/speak";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import {
  type Form,
  nextStep,
  type Outcome,
  readScan,
  type Said,
  type Step,
  stepBack,
} from "./adhoc";
import { cameNow } from "./carrier";
import { home } from "./places";

type Stop = Extract<Outcome, { kind: "stop" }>;

const TITLE = { transfer: "stock.transfer", receive: "stock.receive" } as const;
const DONE = { transfer: "stock.transferDone", receive: "stock.receiveDone" } as const;

/** Moves stock, or takes goods in: one question a step, saved after the last. */
export function AdHoc({ form }: { form: Form }) {
  const [said, setSaid] = useState<Said>({});
  const [stop, setStop] = useState<Stop | null>(null);
  const step = nextStep(form, said);
  const go = async (next: Said) => {
    setStop(null);
    if (nextStep(form, next) !== undefined) return setSaid(next);
    if (!(await saved(() => state(form, next)))) return;
    toast(t(DONE[form], { n: next.qty ?? 0 }), { tone: "right" });
    say(t(DONE[form], { n: next.qty ?? 0 }));
    // The next item most likely stands in the same place.
    setSaid(form === "receive" && next.to !== undefined ? { to: next.to } : {});
  };
  useScans(async (raw: RawScan) => {
    if (!step) return;
    const outcome = readScan(step, said, cameNow(raw));
    if (outcome.kind === "stop") setStop(outcome);
    else await go(outcome.said);
    feedback(outcome.kind === "stop" ? "wrong" : "right");
  });
  if (!step) return <Screen title={t(TITLE[form])} back={home()} />;
  return (
    <Screen
      title={t(TITLE[form])}
      back={home()}
      trailing={
        <>
          <BarButton
            icon="undo"
            label={t("common.undo")}
            disabled={Object.keys(said).length === 0}
            onClick={() => setSaid(stepBack(form, said))}
          />
          <TrayButton />
        </>
      }
      actions={<Actions step={step} said={said} onSaid={next => void go(next)} />}
    >
      <div data-testid="prompt">
        <Prompt icon={step === "qty" ? "keys" : "scan"}>{t(PROMPT[step])}</Prompt>
      </div>
      <Facts rows={facts(said)} />
      {stop && (
        <div data-testid="stop" data-why={stop.why}>
          <FullStop
            title={t(STOP[stop.why])}
            scanned={stop.scanned}
            mend={t(PROMPT[step])}
            onClose={() => setStop(null)}
          />
        </div>
      )}
    </Screen>
  );
}

const PROMPT = {
  from: "stock.scanFrom",
  to: "stock.scanAnyTo",
  item: "picker.scanItem",
  lot: "floor.scanAnyLot",
  expiry: "floor.scanExpiry",
  qty: "stock.typeQty",
} as const;

const STOP = {
  not_a_place: "stock.notAPlace",
  not_an_item: "stock.notAnItem",
  doubtful: "floor.doubtful",
  expiry_missing: "floor.noExpiry",
  same_place: "stock.samePlace",
  type_it: "stock.typeQty",
} as const;

interface ActionsProps {
  step: Step;
  said: Said;
  onSaid: (said: Said) => void;
}

function Actions({ step, said, onSaid }: ActionsProps) {
  const [value, setValue] = useState("");
  if (step === "qty")
    return (
      <Keypad
        label={t("stock.typeQty")}
        value={value}
        onChange={setValue}
        onSubmit={() => Number(value) > 0 && onSaid({ ...said, qty: Number(value) })}
        maxLength={6}
      />
    );
  return (
    <>
      {step === "lot" && (
        <Button data-testid="no-lot" onClick={() => onSaid({ ...said, lot: "" })}>
          {t("stock.noLot")}
        </Button>
      )}
      {step === "expiry" && (
        <Button data-testid="no-expiry" onClick={() => onSaid({ ...said, expiry: "" })}>
          {t("floor.noExpiry")}
        </Button>
      )}
      <ManualEntry hint={t(step === "expiry" ? "floor.expiryHint" : PROMPT[step])} />
    </>
  );
}

function facts(said: Said): (readonly [string, string])[] {
  const rows: (readonly [string, string | undefined])[] = [
    [t("stock.fromName"), said.from],
    [t("stock.toName"), said.to],
    [t("floor.factSku"), said.code === undefined ? undefined : itemName(said)],
    [t("floor.factLot"), said.lot],
    [t("stock.expiry"), said.expiry],
    [t("floor.factQty"), said.qty === undefined ? undefined : String(said.qty)],
  ];
  return rows.filter((row): row is readonly [string, string] => Boolean(row[1]));
}

/** Off-line this device knows the items of its own tasks; of others it shows the code. */
function itemName({ code = "", gtin }: Said): string {
  for (const kind of ["move_line", "line", "count_line"] as const)
    for (const row of replica.view(kind).peek().values())
      if (row.sku === code || row.codes.includes(gtin ?? code)) return row.name;
  return gtin ?? code;
}

async function state(
  form: Form,
  { from = "", to = "", lot = "", expiry = "", qty = 0, code = "" }: Said,
) {
  if (form === "transfer")
    await dispatch("moving.transfer", { from_bin: from, to_bin: to, qty, lot, code });
  else
    await dispatch("inventory.receive_stock", {
      bin: to,
      qty,
      lot,
      expiry: lot ? expiry : "",
      code,
    });
}
