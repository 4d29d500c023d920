import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { navigate } from "../../router";
import { now } from "../../shell";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field, Select } from "../../ui";
import { refusalWords } from "../desk/ask";

type Policy = NonNullable<OpArgs["picking.plan_wave"]["policy"]>;
const POLICIES: readonly Policy[] = ["optimal", "combined", "largest_gap", "s_shape", "return"];
const MAX_ORDERS = 200;

interface Asking {
  busy: boolean;
  problem: string | undefined;
}

const CALM: Asking = { busy: false, problem: undefined };
const DAY_MS = 86_400_000;
const WITHIN = ["", "1", "2", "3"] as const;

/** Plans a wave of the most urgent confirmed orders of a rule; the plan then waits for a decision. */
export function ReleaseWave({ onClose }: { onClose: () => void }) {
  const [count, setCount] = useState("50");
  const [policy, setPolicy] = useState<Policy>("optimal");
  const [within, setWithin] = useState("");
  const [country, setCountry] = useState("");
  const [transport, setTransport] = useState("");
  const [asking, setAsking] = useState(CALM);
  const orders = Number(count);
  const valid = Number.isInteger(orders) && orders >= 1 && orders <= MAX_ORDERS;

  const go = async () => {
    setAsking({ busy: true, problem: undefined });
    const outcome = await submit("picking.plan_wave", {
      max_orders: orders,
      policy,
      release: false,
      country: country.trim(),
      due_before: within ? now.peek() + Number(within) * DAY_MS : 0,
      ...(transport.trim() && { transport: transport.trim() }),
    });
    const problem = refusalWords(outcome);
    setAsking({ busy: false, problem });
    if (problem) return;
    announce(t("supervisor.wavePlanning"));
    onClose();
    navigate("/supervisor/waves");
  };
  return (
    <Dialog
      title={t("supervisor.planWave")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={asking.busy || !valid}>
            {t("supervisor.plan")}
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
        label={t("supervisor.dueWithin")}
        value={within}
        onChange={setWithin}
        options={WITHIN.map(value => ({
          value,
          label: value ? t("supervisor.days", { n: Number(value) }) : t("supervisor.anyDay"),
        }))}
      />
      <Field
        label={t("supervisor.destination")}
        hint={t("supervisor.allIfEmpty")}
        value={country}
        onInput={setCountry}
        maxLength={64}
        name="country"
      />
      <Field
        label={t("supervisor.transport")}
        hint={t("supervisor.allIfEmpty")}
        value={transport}
        onInput={setTransport}
        maxLength={16}
        name="transport"
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
