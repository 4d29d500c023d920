import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { watchPosition } from "../../pod/position";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { dispatch, loading, useRow } from "../../sync";
import { Button, Card, List, ListItem, Prompt, Screen } from "../../ui";
import { Address } from "./address";
import { ClosedStop } from "./closed-stop";
import { Delivery } from "./delivery";
import { hasLeft, leftBehind, loadedOf, type Stop } from "./flow";
import { useProofs } from "./use-proofs";

/** One stop: on the way there, at the door, and what came of it. */
export function StopScreen({ params }: RouteProps) {
  const id = params.stop ?? "";
  const stop = useRow("stop", id);
  const run = useRow("run", stop?.run ?? "");
  const proof = useProofs(each => each.stop === id)[0];
  if (proof) return <ClosedStop proof={proof} />;
  if (!stop)
    return loading.value ? <Screen title={t("common.loading")} back="/driver" /> : <Gone />;
  if (stop.state === "closed") return <Gone back={runPath(stop)} />;
  if (stop.state === "arrived" && hasLeft(run))
    return <Delivery stop={stop} back={runPath(stop)} />;
  return <OnTheWay stop={stop} departed={hasLeft(run)} />;
}

export function runPath(stop: { run: string }): string {
  return `/driver/run/${encodeURIComponent(stop.run)}`;
}

function OnTheWay({ stop, departed }: { stop: Stop; departed: boolean }) {
  const arrive = async () => {
    // Before anything else: the browser asks for permission only after a tap.
    watchPosition(stop.id);
    await dispatch("pod.arrive", { stop: stop.id });
    feedback("right");
  };
  return (
    <Screen
      title={t("driver.stop", { seq: stop.seq })}
      subtitle={t("driver.order", { number: stop.order_number })}
      back={runPath(stop)}
      actions={
        departed && (
          <Button kind="primary" icon="pin" data-testid="arrive" onClick={() => void arrive()}>
            {t("driver.arrive")}
          </Button>
        )
      }
    >
      {!departed && <Prompt icon="truck">{t("driver.departFirst")}</Prompt>}
      {departed && leftBehind(stop) && <Prompt icon="warn">{t("driver.leftBehindHint")}</Prompt>}
      <Address stop={stop} />
      <Parcels stop={stop} />
    </Screen>
  );
}

function Parcels({ stop }: { stop: Stop }) {
  const { loaded, total } = loadedOf([stop]);
  return (
    <Card title={t("driver.parcels")}>
      <div class="stack">
        <p data-testid="quantity">{t("driver.loaded", { loaded, total })}</p>
        <List label={t("driver.parcels")}>
          {stop.parcels.map(parcel => (
            <ListItem key={parcel.number} title={parcel.number} />
          ))}
        </List>
      </div>
    </Card>
  );
}

/** Closed on another device, or given to somebody else. */
function Gone({ back = "/driver" }: { back?: string }) {
  useEffect(() => feedback("wrong"), []);
  return (
    <Screen
      title={t("driver.gone")}
      actions={
        <Button
          kind="primary"
          data-testid="to-runs"
          onClick={() => navigate(back, { replace: true })}
        >
          {t("driver.myRuns")}
        </Button>
      }
    >
      <p role="alert" data-testid="gone">
        {t("driver.goneHint")}
      </p>
    </Screen>
  );
}
