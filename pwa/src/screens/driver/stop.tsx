import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { watchPosition } from "../../pod/position";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { dispatch, loading, useRow } from "../../sync";
import { Button, Card, List, ListItem, Prompt, Screen } from "../../ui";
import { Address } from "./address";
import { ClosedStop, closedRow } from "./closed-stop";
import { Delivery } from "./delivery";
import { hasLeft, leftBehind, loadedOf, type Run, type Stop } from "./flow";
import { useProofs } from "./use-proofs";

/** One stop: on the way there, at the door, and what came of it. */
export function StopScreen({ params }: RouteProps) {
  const id = params.stop ?? "";
  const stop = useRow("stop", id);
  const run = useRow("run", stop?.run ?? "");
  const proof = useProofs(each => each.stop === id)[0];
  const begun = useRef<Stop | undefined>(undefined);
  if (proof) return <ClosedStop closed={proof} state={proof.state} />;
  if (stop?.state === "closed") return <ClosedStop closed={closedRow(stop)} />;
  // Goods that are being handed over are handed over, whoever has the run now.
  const atDoor = stop ? isAtDoor(stop, run) && stop : begun.current;
  if (atDoor) {
    begun.current = atDoor;
    return <Delivery stop={atDoor} back={runPath(atDoor)} />;
  }
  if (stop) return <OnTheWay stop={stop} departed={hasLeft(run)} />;
  return loading.value ? <Screen title={t("common.loading")} back="/driver" /> : <Gone />;
}

/** Where nothing is on the vehicle there is no way to go first. */
function isAtDoor(stop: Stop, run: Run | undefined): boolean {
  return hasLeft(run) && (stop.state === "arrived" || leftBehind(stop));
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

/** Closed long ago, or given to somebody else. */
function Gone() {
  useEffect(() => feedback("wrong"), []);
  return (
    <Screen
      title={t("driver.gone")}
      actions={
        <Button
          kind="primary"
          data-testid="to-runs"
          onClick={() => navigate("/driver", { replace: true })}
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
