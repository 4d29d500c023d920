import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import { Badge, Button, Card, Dialog, FullStop, Progress, Prompt, Screen } from "../../ui";
import { inOrder, parcelOf, type Run, type Stop, stillOut } from "./flow";
import { Stepper } from "./stepper";

/** More may come back than the books know of. */
const MOST_PIECES = 1_000_000;

/** Back at the depot: what was not delivered is scanned off the vehicle, parcel by parcel. */
export function BringBack({ run, stops }: { run: Run; stops: readonly Stop[] }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const coming = inOrder(stops).filter(stop => stop.back.length > 0);
  const out = coming.reduce((sum, stop) => sum + stillOut(stop), 0);
  const total = coming.flatMap(stop => stop.back).reduce((sum, line) => sum + line.qty, 0);
  useScans(raw => setWrong(scanOff(coming, raw)));
  return (
    <Screen
      title={t("driver.returnsTitle")}
      subtitle={t("driver.run", { number: String(run.number) })}
      back="/driver"
      actions={<Finish run={run} out={out} />}
    >
      <Prompt icon="truck">{t("driver.returnsHint")}</Prompt>
      <Progress done={total - out} total={total} />
      {coming.map(stop => (
        <Back key={stop.id} stop={stop} />
      ))}
      {wrong && (
        <FullStop
          title={t("driver.notComingBack")}
          scanned={wrong}
          mend={t("driver.notComingBackMend")}
          onClose={() => setWrong(null)}
        />
      )}
    </Screen>
  );
}

/** A parcel's label says that all of its stop is here; what differs is counted by hand. */
function scanOff(coming: readonly Stop[], raw: RawScan): string | null {
  const scan = resolve(raw.raw, { year: new Date(raw.at).getFullYear() });
  const parcel = parcelOf(scan);
  const stop = coming.find(each => each.parcels.some(({ number }) => number === parcel));
  if (!stop || parcel === null) {
    feedback("wrong");
    return scan.text;
  }
  void say(
    stop,
    stop.back.map(line => ({ ...line, back: line.qty })),
    parcel,
  );
  return null;
}

async function say(stop: Stop, lines: Stop["back"], parcel = ""): Promise<void> {
  const told = lines.map(({ no, sku, back }) => ({ no, sku, back }));
  await dispatch("pod.return_parcel", { run: stop.run, stop: stop.id, lines: told, parcel });
  feedback("right");
}

function Back({ stop }: { stop: Stop }) {
  const names = new Map(stop.lines.map(line => [line.no, line.name]));
  const out = stillOut(stop);
  const set = (no: number, back: number) =>
    void say(
      stop,
      stop.back.map(line => (line.no === no ? { ...line, back } : line)),
    );
  return (
    <Card title={stop.name}>
      <div class="stack" data-testid={`back-${stop.order_number}`}>
        <div class="driver-facts">
          <span class="soft">{stop.parcels.map(parcel => parcel.number).join(", ")}</span>
          <Badge tone={out === 0 ? "right" : "warn"}>
            {out === 0 ? t("driver.allBack") : t("driver.stillOut", { n: out })}
          </Badge>
        </div>
        {stop.back.map(line => (
          <div key={line.no} class="stack">
            <strong>{names.get(line.no) ?? line.sku}</strong>
            <Stepper
              sku={line.sku}
              value={line.back}
              most={line.qty}
              limit={MOST_PIECES}
              label={t("driver.backOf", { sku: line.sku })}
              testId="back"
              onChange={back => set(line.no, back)}
            />
          </div>
        ))}
      </div>
    </Card>
  );
}

function Finish({ run, out }: { run: Run; out: number }) {
  const [asking, setAsking] = useState(false);
  const finish = async () => {
    await dispatch("pod.finish_returns", { run: run.id });
    feedback("done");
  };
  return (
    <>
      <Button
        kind="primary"
        icon="flag"
        data-testid="returns-done"
        onClick={() => (out > 0 ? setAsking(true) : void finish())}
      >
        {t("driver.vehicleEmpty")}
      </Button>
      {asking && (
        <Dialog
          title={t("driver.notAllBack", { n: out })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="primary" onClick={() => setAsking(false)}>
                {t("common.back")}
              </Button>
              <Button kind="danger" data-testid="returns-anyway" onClick={() => void finish()}>
                {t("driver.finishAnyway")}
              </Button>
            </>
          }
        >
          <p>{t("driver.notAllBackText")}</p>
        </Dialog>
      )}
    </>
  );
}
