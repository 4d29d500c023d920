import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { deliver } from "../../pod/deliver";
import { EMPTY, type KeptPhoto } from "../../pod/draft";
import { OUTCOMES, type Outcome, REASONS } from "../../pod/policy";
import { handedOver, NAME_LENGTH } from "../../pod/record";
import type { Stop } from "../../pod/shapes";
import { navigate, type RouteProps } from "../../router";
import { NotSaved, prepareBlob } from "../../sync";
import { announce, Button, Card, Choices, Field, Icon, PhotoButton, Select } from "../../ui";
import { read } from "../desk/ask";
import { Desk, orderPath } from "../desk/frame";
import { word } from "../desk/words";
import { Strip } from "../driver/photo-step";
import { Stepper } from "../driver/stepper";
import { reasonWord } from "../driver/words";
import type { OrderStory } from "./story-types";

const TYPES = ["paper_slip", "e_mail", "phone", "carrier"] as const;
type Slip = (typeof TYPES)[number];

interface Entry {
  type: Slip;
  actual: string;
  outcome: Outcome;
  reason: string;
  receiver: string;
  delivered: Record<number, number>;
}

const START: Entry = {
  type: "paper_slip",
  actual: "",
  outcome: "full",
  reason: "",
  receiver: "",
  delivered: {},
};

/** Desk entry of a proof that came on paper: signed by this desk's device, with the slip attached. */
export function EnterProof({ params }: RouteProps) {
  const { id = "", stop: stopId = "" } = params;
  const [order, setOrder] = useState<OrderStory>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void read<OrderStory>(`/api/orders/${encodeURIComponent(id)}`).then(got =>
      got.ok ? setOrder(got.body) : setProblem(got.words),
    );
  }, [id]);
  const stop = order && stopOf(order, stopId);
  if (!order || !stop)
    return (
      <Desk view="find" back={orderPath(id)}>
        <p role={problem ? "alert" : "status"}>{problem ?? t("common.loading")}</p>
      </Desk>
    );
  return (
    <Desk
      view="find"
      title={t("service.proofTitle", { number: order.number })}
      back={orderPath(id)}
    >
      <Form order={order} stop={stop} />
    </Desk>
  );
}

/** The stop as a record needs it, out of the order's story. */
function stopOf(order: OrderStory, id: string): Stop | undefined {
  const found = order.stops.find(stop => stop.id === id);
  if (!found) return undefined;
  const { run, seq, state, outcome, reason, closed_at, proof } = found;
  const lines = order.lines.filter(line => line.picked > 0);
  return {
    ...{ id, run, seq, state, outcome, reason, closed_at, proof, task: "", name: "" },
    ...{ street: "", city: "", postcode: "", country: "", phone: "" },
    ...{ pin: null, signed: null, left_behind: false, back: [] },
    ...{ lat_e7: null, lon_e7: null, opens_at: 0, closes_at: 0, eta: null },
    order: order.id,
    order_number: order.number,
    parcels: order.parcels.map(({ number }) => ({ number, loaded: true })),
    lines: lines.map(({ no, sku, name, picked, shipped }) => ({
      no,
      sku,
      name,
      qty: shipped || picked,
    })),
    papers: [],
    policy: { rev: found.policy, clauses: [], checklist: [], stages: [], correct_ms: 0 },
  };
}

function Form({ order, stop }: { order: OrderStory; stop: Stop }) {
  const [entry, setEntry] = useState(START);
  const [slip, setSlip] = useState<readonly KeptPhoto[]>([]);
  const [tried, setTried] = useState(false);
  const [failed, setFailed] = useState<string>();
  const set = (fields: Partial<Entry>) => setEntry({ ...entry, ...fields });
  const actualAt = new Date(entry.actual).getTime();
  const lacksDate = !(actualAt > 0 && actualAt <= Date.now());
  const lacksReason = entry.outcome !== "full" && entry.reason === "";
  const save = async () => {
    setTried(true);
    if (lacksDate || lacksReason || slip.length === 0) return;
    const { type, outcome, reason, receiver, delivered } = entry;
    const entered = { ...EMPTY, outcome, reason, receiver, delivered };
    const desk = { type, actual_at: actualAt };
    try {
      await deliver({ stop, entered, photos: slip, shown: "", corrects: stop.proof, desk });
      announce(t("service.proofSaved", { number: order.number }));
      navigate(orderPath(order.id), { replace: true });
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      setFailed(t("driver.notSavedPhoto"));
    }
  };
  const reasons: readonly string[] = REASONS[entry.outcome];
  return (
    <Card>
      <div class="stack">
        <Choices
          label={t("service.proofType")}
          value={entry.type}
          options={TYPES.map(value => ({ value, label: t(`service.type_${value}`) }))}
          onChange={type => set({ type })}
        />
        <Field
          label={t("service.actualDate")}
          type="datetime-local"
          value={entry.actual}
          onInput={actual => set({ actual })}
          error={tried && lacksDate ? t("service.actualNeeded") : undefined}
          name="actual"
          required
        />
        <Field
          label={t("driver.receiver")}
          value={entry.receiver}
          onInput={receiver => set({ receiver })}
          maxLength={NAME_LENGTH}
          name="receiver"
        />
        <Choices
          label={t("driver.outcome")}
          value={entry.outcome}
          options={OUTCOMES.map(value => ({ value, label: word("outcome", value) }))}
          onChange={outcome => set({ outcome, reason: "" })}
        />
        {entry.outcome === "partial" && (
          <Lines stop={stop} entry={entry} onChange={delivered => set({ delivered })} />
        )}
        {entry.outcome !== "full" && (
          <Select
            label={t("desk.reason")}
            value={entry.reason}
            options={[
              { value: "", label: t("driver.chooseReason") },
              ...reasons.map(value => ({ value, label: reasonWord(value) })),
            ]}
            onChange={reason => set({ reason })}
            error={tried && lacksReason ? t("driver.lack_reason") : undefined}
          />
        )}
        <Strip photos={slip} />
        <PhotoButton
          label={t("service.attachScan")}
          onPhoto={async photo => {
            const blob = await prepareBlob(photo.bytes, photo.type, "photo");
            setSlip([...slip, { ...blob, of: "slip" }]);
          }}
        />
        {tried && slip.length === 0 && (
          <p class="error" role="alert">
            <Icon name="stop" />
            <span>{t("service.scanNeeded")}</span>
          </p>
        )}
        {failed && <p role="alert">{failed}</p>}
        <div class="row">
          <Button kind="primary" data-testid="save-proof" onClick={() => void save()}>
            {t(stop.proof ? "service.correctProof" : "service.enterProof")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

interface LinesProps {
  stop: Stop;
  entry: Entry;
  onChange: (delivered: Record<number, number>) => void;
}

function Lines({ stop, entry, onChange }: LinesProps) {
  return (
    <>
      {stop.lines.map(line => (
        <div key={line.no} class="stack">
          <strong>{line.name}</strong>
          <Stepper
            sku={line.sku}
            value={handedOver(line, entry)}
            most={line.qty}
            label={t("driver.accepted", { sku: line.sku })}
            testId="kept"
            onChange={qty => onChange({ ...entry.delivered, [line.no]: qty })}
          />
        </div>
      ))}
    </>
  );
}
