import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Button, Dialog, Facts, Field, Switch } from "../../ui";
import { read, refusalWords } from "../desk/ask";
import { money } from "./money";

/** States from which the server lets an order be cancelled. */
const CANCELLABLE: ReadonlySet<string> = new Set([
  "draft",
  "review",
  "confirmed",
  "released",
  "picking",
  "picked",
  "packing",
  "packed",
  "hold",
]);

const DESKS: ReadonlySet<string> = new Set(["service", "supervisor", "admin"]);

export function mayCancel(state: string): boolean {
  return CANCELLABLE.has(state) && DESKS.has(role.value ?? "");
}

type Desk = "service" | "supervisor" | "admin";

/** As the server reckons it now. */
interface Cancelling {
  stage: "unconfirmed" | "confirmed" | "picking" | "packed";
  /** In the currency's smallest unit. */
  fee: number;
  currency: string;
  may: boolean;
  who: Desk;
  may_waive: boolean;
  times: number;
  days: number;
  often: boolean;
}

interface CancelOrderProps {
  order: { id: string; number: string; state: string };
  onClose: () => void;
}

/** Stops an order, with what that costs; what was picked goes back to the shelf by itself. */
export function CancelOrder({ order, onClose }: CancelOrderProps) {
  const { costs, problem } = useCosts(order);
  const [reason, setReason] = useState("");
  const [waives, setWaives] = useState(false);
  const [waiver, setWaiver] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const lacksWaiver = waives && reason.trim() !== "" && waiver.trim() === "";
  const go = async (seen: Cancelling) => {
    if (reason.trim() === "" || (waives && waiver.trim() === "")) {
      setRefused(t(reason.trim() === "" ? "service.reasonNeeded" : "service.waiverNeeded"));
      return;
    }
    setBusy(true);
    const body = { order: order.id, reason: reason.trim(), seen_fee: seen.fee };
    const asked = waives ? { ...body, waiver: waiver.trim() } : body;
    const words = refusalWords(await submit("orders.cancel_order", asked));
    setBusy(false);
    setRefused(words);
    if (words) return;
    announce(t("service.cancelled", { number: order.number }));
    onClose();
  };
  return (
    <Dialog
      title={t("service.cancelTitle", { number: order.number })}
      onClose={onClose}
      actions={
        <>
          {costs?.may && (
            <Button kind="danger" onClick={() => void go(costs)} disabled={busy}>
              {t("service.cancel")}
            </Button>
          )}
          <Button onClick={onClose}>{t("service.keep")}</Button>
        </>
      }
    >
      <div class="stack">
        {!costs && <p role={problem ? "alert" : "status"}>{problem ?? t("common.loading")}</p>}
        {costs && <Costs costs={costs} waived={waives} />}
        {costs?.may && (
          <>
            <p>{t("service.cancelHint")}</p>
            <Field
              label={t("desk.reason")}
              hint={t("service.reasonNeeded")}
              value={reason}
              onInput={setReason}
              maxLength={400}
              error={lacksWaiver ? undefined : refused}
              name="reason"
            />
            {costs.may_waive && costs.fee > 0 && (
              <Switch label={t("service.waive")} checked={waives} onChange={setWaives} />
            )}
            {waives && (
              <Field
                label={t("service.waiver")}
                hint={t("service.waiverHint")}
                value={waiver}
                onInput={setWaiver}
                maxLength={400}
                error={lacksWaiver ? refused : undefined}
                name="waiver"
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Asked again when the order moves while the question is open: then it costs something else. */
function useCosts({ id, state }: { id: string; state: string }) {
  const [costs, setCosts] = useState<Cancelling>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (!mayCancel(state)) return;
    void read<Cancelling>(`/api/cancelling/${encodeURIComponent(id)}`).then(got => {
      setProblem(got.ok ? undefined : got.words);
      if (got.ok) setCosts(got.body);
    });
  }, [id, state]);
  return { costs, problem };
}

function Costs({ costs, waived }: { costs: Cancelling; waived: boolean }) {
  const fee = money(costs.fee, costs.currency);
  return (
    <>
      <Facts
        rows={[
          [t("desk.state"), t(`service.stage_${costs.stage}`)],
          [
            t("service.fee"),
            <span data-testid="fee">{waived ? t("service.waived", { fee }) : fee}</span>,
          ],
        ]}
      />
      {costs.times > 0 && (
        <p class={costs.often ? "" : "soft"}>
          {t("service.cancelledBefore", { n: costs.times, days: costs.days })}
        </p>
      )}
      {!costs.may && costs.who !== "service" && (
        <p role="alert">{t(`service.cancelNeeds_${costs.who}`)}</p>
      )}
    </>
  );
}
