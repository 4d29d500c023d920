import { expect, test } from "vitest";
import { chooseLanguage } from "../i18n";
import { type PrintJob, toldOf } from "./job";

const JOB: PrintJob = {
  number: "P-1",
  what: "parcel",
  station: "b1",
  station_name: "Bench 1",
  state: "queued",
  tried: 0,
  fault: "",
  at: 0,
};

test("each state says where, and what to do next", () => {
  chooseLanguage("en");
  expect(toldOf(JOB)).toMatchObject({ tone: "info", mend: "" });
  expect(toldOf(JOB).words).toContain("Bench 1");
  expect(toldOf({ ...JOB, state: "printed", tried: 1 })).toMatchObject({ tone: "right", mend: "" });
  const again = toldOf({ ...JOB, tried: 2, fault: "too_slow" });
  expect(again.tone).toBe("warn");
  expect(again.words).toContain("3");
  expect(again.mend).toContain("paper");
  expect(toldOf({ ...JOB, state: "failed", fault: "no_answer" }).mend).toContain("Switch it on");
});

test("a fault that this build does not know still says what to do", () => {
  expect(toldOf({ ...JOB, state: "failed", fault: "on_fire" }).mend).toContain("this device");
});
