import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { prepareToDeliver } from "../../pod/deliver";
import { watchPosition } from "../../pod/position";
import { policyOf } from "../../pod/record";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { useScans } from "../../scan/use-scans";
import { FullStop, Screen, toast } from "../../ui";
import { CheckStep } from "./check-step";
import {
  type Filled,
  lackOf,
  offScan,
  type ParcelScan,
  type StepName,
  type Stop,
  stepFrom,
  stepsOf,
} from "./flow";
import { HandoverStep } from "./handover-step";
import { InspectionStep } from "./inspection-step";
import { LinesStep } from "./lines-step";
import { PhotoStep, SlipStep } from "./photo-step";
import { PinStep } from "./pin-step";
import { ReasonStep } from "./reason-step";
import { ReceiverStep } from "./receiver-step";
import { StagesStep } from "./stages-step";
import type { StepProps } from "./step";
import { type Drafting, useDraft } from "./use-draft";

type Wrong = Extract<ParcelScan, { kind: "wrong" | "not_a_parcel" }>;

const SCREENS: Record<StepName, (props: StepProps) => preact.JSX.Element> = {
  handover: HandoverStep,
  lines: LinesStep,
  reason: ReasonStep,
  photo: PhotoStep,
  slip: SlipStep,
  inspection: InspectionStep,
  stages: StagesStep,
  receiver: ReceiverStep,
  pin: PinStep,
  check: CheckStep,
};

interface DeliveryProps {
  stop: Stop;
  back: string;
  /** Hash of the record that this one replaces. */
  corrects?: string | null;
  /** Once the proof is on the disk. */
  onDone?: () => void;
}

/** At the door: one step a screen, each change on the disk at once. */
export function Delivery({ stop, back, corrects = null, onDone = () => {} }: DeliveryProps) {
  const drafting = useDraft(stop.id);
  useEffect(() => {
    watchPosition(stop.id);
    void prepareToDeliver();
  }, [stop.id]);
  if (!drafting) return <Screen title={t("common.loading")} back={back} />;
  return <Steps stop={stop} back={back} corrects={corrects} onDone={onDone} drafting={drafting} />;
}

interface StepsProps extends Required<DeliveryProps> {
  drafting: Drafting;
}

function Steps({ stop, back, corrects, onDone, drafting }: StepsProps) {
  const { draft, photos, change } = drafting;
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [tried, setTried] = useState(false);
  useScans(raw => setWrong(takeOff(stop, drafting, raw)));

  const filled: Filled = { ...draft, outcome: draft.outcome ?? "full", photos };
  const policy = policyOf(stop, filled);
  const steps = stepsOf(draft.outcome, policy, filled);
  const step = steps.find(name => name === draft.step) ?? "handover";
  const lack = lackOf(step, stop, filled, policy);
  const go = (by: 1 | -1) => {
    const stays = by === 1 && lack !== null;
    setTried(stays);
    if (stays) feedback("wrong");
    else change({ step: stepFrom(steps, step, by) });
  };
  const leave = () => {
    setTried(false);
    change({ step: stepFrom(steps, step, 1) });
  };
  const Shown = SCREENS[step];
  const at = steps.indexOf(step) + 1;
  return (
    <>
      <Shown
        key={step}
        {...drafting}
        stop={stop}
        filled={filled}
        policy={policy}
        steps={steps}
        corrects={corrects}
        onDone={onDone}
        leave={leave}
        lack={tried ? lack : null}
        subtitle={
          steps.length > 1 && step !== "handover"
            ? t("driver.stepOf", { at, total: steps.length })
            : t("driver.order", { number: stop.order_number })
        }
        back={step === "handover" ? back : () => go(-1)}
        next={() => go(1)}
      />
      {wrong && <NotForThisStop wrong={wrong} stop={stop} onClose={() => setWrong(null)} />}
    </>
  );
}

function takeOff(stop: Stop, { draft, change }: Drafting, raw: RawScan): Wrong | null {
  const scan = resolve(raw.raw, { year: new Date(raw.at).getFullYear() });
  const found = offScan(stop, draft.off, scan);
  if (found.kind === "wrong" || found.kind === "not_a_parcel") {
    feedback("wrong");
    return found;
  }
  if (found.kind === "papers") return null; // asked for at the dock only
  if (found.kind === "again") toast(t("driver.scannedAlready", { parcel: found.parcel }));
  else change({ off: [...draft.off, found.parcel] });
  feedback("right");
  return null;
}

function NotForThisStop({
  wrong,
  stop,
  onClose,
}: {
  wrong: Wrong;
  stop: Stop;
  onClose: () => void;
}) {
  const isParcel = wrong.kind === "wrong";
  return (
    <FullStop
      title={t(isParcel ? "driver.notThisStop" : "driver.notAParcel")}
      expected={t("driver.aParcelOfStop", { number: stop.order_number })}
      scanned={wrong.scanned}
      mend={t(isParcel ? "driver.notThisStopMend" : "driver.notAParcelMend")}
      onClose={onClose}
    />
  );
}
