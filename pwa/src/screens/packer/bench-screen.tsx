import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { openCartons, piecesIn } from "../../packing/bench-plan";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import { say } from "../../voice/speak";
import { saved } from "../floor/saved";
import { type Bench, site } from "./bench";
import { BenchStop } from "./bench-stop";
import { Differences } from "./blind";
import { CartonStep } from "./carton-step";
import { keepLabel, labelOf } from "./label";
import { LineScreen } from "./line-screen";
import { isAllIn } from "./pack";
import { Pieces } from "./pieces";
import { Quality, unlooked } from "./quality";
import { AllSealed, FinalCheck } from "./seal";
import { Weigh } from "./weigh";

/** One order: every piece scanned into a carton, looked at, weighed, checked, sealed. */
export function Packing({ bench }: { bench: Bench }) {
  const [line, setLine] = useState<number | null>(null);
  const opened = bench.lines.value.find(each => each.no === line);
  return (
    <>
      {opened ? (
        <LineScreen line={opened} bench={bench} onDone={() => setLine(null)} />
      ) : (
        <Step bench={bench} onLine={setLine} />
      )}
      {bench.stop.value && <BenchStop stop={bench.stop.value} bench={bench} />}
    </>
  );
}

/** Which step this order is at follows from what is in its cartons. */
function Step({ bench, onLine }: { bench: Bench; onLine: (no: number) => void }) {
  const [differs, setDiffers] = useState(false);
  useScans(scan => bench.take(scan));
  const job = bench.job.value;
  const carton = bench.carton.value;
  const lines = bench.lines.value;
  const { quality, weigh } = site.packing.value;
  if (!job || !carton) return null;
  const filled = piecesIn(lines, carton.parcel) > 0;
  const allIn = isAllIn(lines);
  if (differs) return <Differences bench={bench} onDone={() => setDiffers(false)} />;
  if (!filled && allIn) return <AllSealed job={job} lines={lines} onFinish={() => finish(bench)} />;
  if (!filled && carton.carton === null && site.cartons.value.length > 0)
    return <CartonStep bench={bench} job={job} carton={carton} />;
  const closes = !bench.blind.value && filled && (allIn || bench.closing.value);
  if (!closes)
    return <Pieces bench={bench} job={job} onLine={onLine} onCounted={() => setDiffers(true)} />;
  if (quality && unlooked(lines, carton.parcel).length > 0)
    return <Quality bench={bench} job={job} carton={carton} onLine={onLine} />;
  if (weigh && bench.weighed.value === null)
    return <Weigh bench={bench} carton={carton} allIn={allIn} />;
  return (
    <FinalCheck bench={bench} job={job} carton={carton} allIn={allIn} onSeal={() => seal(bench)} />
  );
}

/** With the last carton, the order is packed; the label is there at once, with or without a network. */
async function seal(bench: Bench): Promise<void> {
  const [job, carton, lines] = [bench.job.value, bench.carton.value, bench.lines.value];
  if (!job || !carton) return;
  const { parcel } = carton;
  const { grams: weight_g, scale, reason } = bench.weighed.value ?? NOT_WEIGHED;
  const isLast = isAllIn(lines) && openCartons(job, lines).every(open => open.parcel === parcel);
  const print = site.packing.value.print;
  keepLabel(labelOf(job, parcel, { weight_g, next: isLast ? "" : job.task, print }));
  const body = { task: job.task, parcel, weight_g, scale, reason };
  const name = isLast ? "packing.close_pack" : "packing.seal_carton";
  if (!(await saved(() => dispatch(name, body)))) return;
  bench.begin();
  feedback("done");
  say(t("packer.closed", { parcel }));
  navigate(`/packer/label/${encodeURIComponent(parcel)}`, { replace: true });
}

const NOT_WEIGHED = { grams: 0, scale: "", reason: "" } as const;

/** What came last was flawed or missing, and every carton is sealed already. */
async function finish(bench: Bench): Promise<void> {
  const { task, carton } = bench;
  const body = { task, parcel: carton.value?.parcel ?? "" };
  if (!(await saved(() => dispatch("packing.close_pack", body)))) return;
  feedback("done");
  navigate("/packer", { replace: true });
}
