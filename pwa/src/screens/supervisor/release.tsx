import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { replica, submit } from "../../sync";
import { announce, Button, Dialog, Facts, Field, Select } from "../../ui";
import { refusalWords } from "../desk/ask";
import { type Gain, gain } from "./gain";

type Policy = NonNullable<OpArgs["picking.plan_wave"]["policy"]>;
const POLICIES: readonly Policy[] = ["optimal", "combined", "largest_gap", "s_shape", "return"];
const MAX_ORDERS = 200;

interface Asking {
  busy: boolean;
  problem: string | undefined;
}

const CALM: Asking = { busy: false, problem: undefined };

/** Sends the most urgent confirmed orders to the floor; says afterwards what the walks cost. */
export function ReleaseWave({ onClose }: { onClose: () => void }) {
  const [count, setCount] = useState("50");
  const [policy, setPolicy] = useState<Policy>("optimal");
  const [asking, setAsking] = useState(CALM);
  const [made, setMade] = useState<Gain>();
  const orders = Number(count);
  const valid = Number.isInteger(orders) && orders >= 1 && orders <= MAX_ORDERS;

  const go = async () => {
    setAsking({ busy: true, problem: undefined });
    const before = new Set(replica.view("task").peek().keys());
    const problem = refusalWords(await submit("picking.plan_wave", { max_orders: orders, policy }));
    setAsking({ busy: false, problem });
    if (problem) return;
    const after = gain(replica.view("task").peek().values(), before);
    setMade(after);
    announce(t("supervisor.waveReleased", { n: after.tasks }));
  };
  if (made) return <WaveMade made={made} onClose={onClose} />;
  return (
    <Dialog
      title={t("supervisor.releaseWave")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={asking.busy || !valid}>
            {t("supervisor.release")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <Field
        label={t("supervisor.maxOrders")}
        hint={t("supervisor.maxOrdersHint")}
        type="number"
        inputMode="numeric"
        value={count}
        onInput={setCount}
        error={valid ? asking.problem : t("supervisor.maxOrdersWrong", { n: MAX_ORDERS })}
        name="orders"
      />
      <Select
        label={t("supervisor.policy")}
        value={policy}
        onChange={value => setPolicy(value as Policy)}
        options={POLICIES.map(value => ({ value, label: t(`supervisor.policy_${value}`) }))}
      />
    </Dialog>
  );
}

function WaveMade({ made, onClose }: { made: Gain; onClose: () => void }) {
  const metres = (n: number) => t("desk.metres", { n: Math.round(n) });
  return (
    <Dialog
      title={made.tasks > 0 ? t("supervisor.waveMade") : t("supervisor.waveEmpty")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t("common.done")}
        </Button>
      }
    >
      {made.tasks === 0 ? (
        <p>{t("supervisor.waveEmptyHint")}</p>
      ) : (
        <Facts
          rows={[
            [t("desk.tasks"), formatNumber(made.tasks)],
            [t("desk.lines"), formatNumber(made.lines)],
            [t("supervisor.walk"), metres(made.metres)],
            [t("supervisor.walkSShape"), metres(made.sShape)],
            [t("supervisor.saved"), t("supervisor.percent", { n: made.saved })],
          ]}
        />
      )}
    </Dialog>
  );
}

/** Puts what is packed onto a van's run. */
export function PlanRun({ onClose }: { onClose: () => void }) {
  const [vehicle, setVehicle] = useState("");
  const [asking, setAsking] = useState(CALM);
  const go = async () => {
    setAsking({ busy: true, problem: undefined });
    const problem = refusalWords(await submit("pod.plan_run", { vehicle: vehicle.trim() }));
    setAsking({ busy: false, problem });
    if (problem) return;
    announce(t("supervisor.runPlanned"));
    onClose();
  };
  return (
    <Dialog
      title={t("supervisor.planRun")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={asking.busy}>
            {t("supervisor.plan")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("supervisor.planRunHint")}</p>
      <Field
        label={t("supervisor.vehicle")}
        value={vehicle}
        onInput={setVehicle}
        maxLength={64}
        error={asking.problem}
        name="vehicle"
      />
    </Dialog>
  );
}
