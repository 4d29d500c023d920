import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../i18n";
import { type RawScan, scans } from "../scan/sources";
import { type Person, person } from "../shell";
import { FullStop, Prompt } from "../ui";
import { chooseVoice, voice } from "./choice";
import { FakeRecognition, FakeSynthesis, FakeUtterance } from "./fakes";
import { hearing } from "./listen";
import { bestVoice, say, speaking, spelled } from "./speak";
import { SpokenDigits } from "./spoken-digits";

let mouth: FakeSynthesis;

beforeEach(() => {
  localStorage.clear();
  chooseLanguage("en");
  mouth = new FakeSynthesis();
  FakeRecognition.all = [];
  vi.stubGlobal("speechSynthesis", mouth);
  vi.stubGlobal("SpeechSynthesisUtterance", FakeUtterance);
  vi.stubGlobal("SpeechRecognition", FakeRecognition);
  person.value = null;
  chooseVoice({ speech: false, listen: false, volume: 1, rate: 1 });
});

afterEach(() => {
  cleanup();
  mouth.finish();
  speaking.value = false;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const texts = () => mouth.said.map(({ text }) => text);
const ear = () => FakeRecognition.all.at(-1);

test("nothing is said until the person wants it", () => {
  say("Go to A 0 3.");
  expect(mouth.said).toEqual([]);
  chooseVoice({ speech: true });
  say("Go to A 0 3.");
  expect(texts()).toEqual(["Go to A 0 3."]);
});

test("each person has their own voice on this device, and finds it again", () => {
  const li: Person = { id: "u1", name: "Li", roles: ["picker"] };
  const an: Person = { ...li, id: "u2", name: "An" };
  person.value = li;
  chooseVoice({ speech: true, rate: 1.6, volume: 0.4 });
  person.value = an;
  expect(voice.value).toMatchObject({ speech: false, rate: 1, volume: 1, listen: false });
  person.value = li;
  expect(voice.value).toMatchObject({ speech: true, rate: 1.6, volume: 0.4 });
  say("x");
  expect(mouth.said.at(-1)).toMatchObject({ rate: 1.6, volume: 0.4 });
});

test("a choice that cannot be read any more is silence", () => {
  const kept = ["{", "7", '{"speech":"yes","rate":99,"volume":-1}'];
  for (const [i, text] of kept.entries()) {
    localStorage.setItem(`dockhand.voice.p${i}`, text);
    person.value = { id: `p${i}`, name: "", roles: [] };
    expect(voice.value).toEqual({ speech: false, listen: false, rate: 1, volume: 1 });
  }
});

test("the worker's language is spoken by a voice of that language, one on the device first", () => {
  const voices = [
    { lang: "en-US", localService: false },
    { lang: "zh_TW", localService: true },
    { lang: "zh-CN", localService: false },
    { lang: "zh-CN", localService: true },
  ] as SpeechSynthesisVoice[];
  expect(bestVoice(voices, "zh-Hans")).toBe(voices[3]);
  expect(bestVoice(voices, "zh-Hant")).toBe(voices[1]);
  expect(bestVoice(voices, "en")).toBe(voices[0]);
  expect(bestVoice(voices.slice(0, 1), "zh-Hans")).toBeUndefined();
  chooseVoice({ speech: true });
  chooseLanguage("zh-Hant");
  say("請到");
  expect(mouth.said.at(-1)?.lang).toBe("zh-TW");
});

test("a newer instruction takes the place of the one still being said", async () => {
  chooseVoice({ speech: true });
  say("one");
  say("two");
  await Promise.resolve();
  expect(mouth.now?.text).toBe("two");
  expect(speaking.value).toBe(true);
  mouth.finish();
  expect(speaking.value).toBe(false);
});

test("a browser that never tells the end does not keep us deaf", () => {
  vi.useFakeTimers();
  chooseVoice({ speech: true });
  say("Go to A 0 3.");
  vi.advanceTimersByTime(60_000);
  expect(speaking.value).toBe(false);
});

test("every prompt and every stop is said, and said again on demand", () => {
  chooseVoice({ speech: true });
  render(<Prompt spoken="Go to A 0 3.">Scan the location label</Prompt>);
  expect(texts()).toEqual(["Go to A 0 3."]);
  screen.getByTestId("say-again").click();
  expect(texts()).toEqual(["Go to A 0 3.", "Go to A 0 3."]);
  const stop = render(<FullStop title="Wrong item" scanned="1" />);
  expect(texts().at(-1)).toBe("Wrong item. Scan the right one to go on.");
  stop.rerender(<FullStop title="Wrong item" scanned="2" />);
  expect(texts()).toHaveLength(4);
});

test("a bin is spelled for the ear", () => {
  expect(spelled("A-03-02")).toBe("A, 0 3, 0 2");
});

function scanned(): RawScan[] {
  const came: RawScan[] = [];
  stop = scans.subscribe(scan => void came.push(scan));
  return came;
}
let stop = () => {};
afterEach(() => stop());

test("nobody listens until the person wants it", () => {
  render(<SpokenDigits />);
  expect(FakeRecognition.all).toEqual([]);
  expect(screen.queryByTestId("hearing")).toBeNull();
});

test("spoken check digits come like typed ones, and talk does not", () => {
  const came = scanned();
  chooseVoice({ listen: true });
  render(<SpokenDigits />);
  expect(ear()).toMatchObject({ running: true, lang: "en-US", interimResults: false });
  ear()?.hear("bring me a box");
  ear()?.hear("for heaven", "four seven");
  expect(came.map(({ raw, source }) => [raw, source])).toEqual([["47", "voice"]]);
});

test("listening ends with the step that asks for a location", async () => {
  const came = scanned();
  chooseVoice({ listen: true });
  const shown = render(<SpokenDigits />);
  const mine = ear();
  shown.unmount();
  await vi.waitFor(() => expect(mine?.running).toBe(false));
  mine?.hear("four seven");
  expect(came).toEqual([]);
  expect(hearing.value).toBe("off");
});

test("while the device speaks it does not listen to itself", () => {
  chooseVoice({ listen: true, speech: true });
  render(<SpokenDigits />);
  expect(ear()?.running).toBe(true);
  say("Go to A 0 3.");
  expect(ear()?.running).toBe(false);
  mouth.finish();
  expect(ear()?.running).toBe(true);
});

test("'again' repeats the instruction", () => {
  chooseVoice({ listen: true, speech: true });
  say("Go to A 0 3.");
  mouth.finish();
  render(<SpokenDigits />);
  ear()?.hear("again");
  expect(texts()).toEqual(["Go to A 0 3.", "Go to A 0 3."]);
});

test("a session that the browser ends is begun again", () => {
  vi.useFakeTimers();
  chooseVoice({ listen: true });
  render(<SpokenDigits />);
  ear()?.fail("no-speech");
  vi.advanceTimersByTime(300);
  expect(ear()).toMatchObject({ running: true, starts: 2 });
});

test("a blocked microphone is told in words and not asked again; work goes on without", async () => {
  vi.useFakeTimers();
  chooseVoice({ listen: true });
  render(<SpokenDigits />);
  ear()?.fail("not-allowed");
  vi.advanceTimersByTime(60_000);
  expect(ear()?.starts).toBe(1);
  await vi.waitFor(() =>
    expect(screen.getByTestId("hearing").textContent).toContain("microphone is blocked"),
  );
});

test("a service that cannot be reached is asked again after a rest", () => {
  vi.useFakeTimers();
  chooseVoice({ listen: true });
  render(<SpokenDigits />);
  ear()?.fail("network");
  expect(hearing.value).toBe("away");
  vi.advanceTimersByTime(1_000);
  expect(ear()?.starts).toBe(1);
  vi.advanceTimersByTime(5_000);
  expect(ear()?.starts).toBe(2);
});

test("a browser without speech and recognition is as quiet as one where they are off", () => {
  vi.unstubAllGlobals();
  chooseVoice({ listen: true, speech: true });
  say("x");
  render(<SpokenDigits />);
  expect(screen.queryByTestId("hearing")).toBeNull();
});
