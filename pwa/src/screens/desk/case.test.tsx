import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../../i18n";
import type { DiscrepancyRow } from "../../kernel/contract";
import { CaseEntries } from "./case-entries";
import type { CaseEntry, CaseStory, KnownCase } from "./case-types";
import { brief, details } from "./details";
import { EnlargedPhotos } from "./enlarged-photos";
import { KnownList } from "./known-list";
import { SettleCase } from "./settle-case";
import { nextWords } from "./words";

const submit = vi.hoisted(() => vi.fn());
vi.mock("../../sync", async original => ({
  ...(await original<typeof import("../../sync")>()),
  submit,
}));
vi.mock("./ask", async original => ({
  ...(await original<typeof import("./ask")>()),
  read: async () => ({ ok: false, code: "offline", words: "" }),
}));

beforeEach(() => {
  chooseLanguage("en");
  submit.mockReset().mockResolvedValue({ outcome: "applied" });
  HTMLDialogElement.prototype.showModal = () => undefined;
});
afterEach(cleanup);

const KNOWN: KnownCase = {
  id: "past",
  kind: "short_pick",
  cause: "data",
  note: "The label was of another bin",
  sku: "MUG",
  customer_name: "Corner Shop",
  order_number: "2026-EC-000001",
  settled_at: 1_790_000_000_000,
  settled_by: "Ines",
  reused: 2,
};
const CASE = { id: "c1", kind: "short_pick", rev: 4, details: {} } as unknown as DiscrepancyRow;
const STORY: CaseStory = {
  case: CASE,
  sku: "MUG",
  cause: "",
  note: null,
  settled_at: null,
  entries: [],
  known: [KNOWN],
};

function settling(story: CaseStory = STORY) {
  const told = { done: vi.fn(), closed: vi.fn() };
  render(<SettleCase story={story} onDone={told.done} onClose={told.closed} />);
  const settle = () =>
    fireEvent.click(screen.getByRole("button", { name: "Settle", hidden: true }));
  return { ...told, settle };
}

test("nothing is settled without words and a cause", () => {
  const { settle } = settling();
  settle();
  expect(screen.getByText("Write down what was done.")).toBeDefined();
  fireEvent.input(screen.getByRole("textbox", { hidden: true }), {
    target: { value: "Recounted" },
  });
  settle();
  expect(screen.getByText("Choose the root cause.")).toBeDefined();
  expect(submit).not.toHaveBeenCalled();
});

test("one tap takes the words and the cause of what helped before", async () => {
  const { settle, done, closed } = settling();
  fireEvent.click(screen.getByRole("button", { name: /^Use these words/, hidden: true }));
  settle();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  expect(done).toHaveBeenCalledOnce();
  expect(submit).toHaveBeenCalledWith("exceptions.settle_case", {
    case: "c1",
    expects: 4,
    note: KNOWN.note,
    cause: "data",
    reused: "past",
  });
});

test("a refusal stays in the dialog, in words", async () => {
  submit.mockResolvedValue({ outcome: "refused", code: "case_beyond_authority", data: {} });
  const { settle, closed } = settling();
  fireEvent.click(screen.getByRole("button", { name: /^Use these words/, hidden: true }));
  settle();
  await screen.findByText("This is beyond what you may settle. Escalate it or hand it over.");
  expect(closed).not.toHaveBeenCalled();
});

test("a past resolution says what it was, where it came from and how often it helped", () => {
  render(<KnownList known={[KNOWN]} />);
  const item = screen.getByRole("listitem").textContent ?? "";
  for (const words of [KNOWN.note, "Wrong data", "used 2 times", "Corner Shop", "Ines", "MUG"])
    expect(item).toContain(words);
});

test("the story of a case reads as sentences, the newest first", () => {
  const entry = (no: number, what: string, fields: Partial<CaseEntry> = {}): CaseEntry => ({
    no,
    at: no,
    what,
    person_name: "Ines",
    level: 2,
    about: "",
    text: "",
    ...fields,
  });
  render(
    <CaseEntries
      entries={[
        entry(1, "reminded", { person_name: null, about: "50" }),
        entry(2, "escalated", { text: "Too large for us" }),
        entry(3, "handed", { about: "Otto" }),
        entry(4, "settled", { about: "training", text: "Shown again" }),
      ]}
    />,
  );
  const told = screen.getAllByRole("listitem").map(item => item.textContent);
  expect(told[0]).toContain("Ines settled it: TrainingShown again");
  expect(told[1]).toContain("Ines handed it over to Otto");
  expect(told[2]).toContain("Ines brought it to level 2Too large for us");
  expect(told[3]).toContain("Dockhand reminded: 50 % of the time was over");
});

test("photos open large, and the arrows leaf through them", () => {
  render(<EnlargedPhotos refs={["sha256:aa", "sha256:bb"]} />);
  fireEvent.click(screen.getByRole("button", { name: "Enlarge photo 2" }));
  const large = () => screen.getByRole("img", { name: /^Photo \d of 2/, hidden: true });
  expect(large().getAttribute("alt")).toBe("Photo 2 of 2");
  fireEvent.keyDown(large(), { key: "ArrowRight" });
  expect(large().getAttribute("alt")).toBe("Photo 1 of 2");
  fireEvent.keyDown(large(), { key: "ArrowLeft" });
  expect(large().getAttribute("alt")).toBe("Photo 2 of 2");
  fireEvent.click(screen.getByRole("button", { name: "Close", hidden: true }));
  expect(screen.queryByRole("img", { name: /of 2/, hidden: true })).toBeNull();
});

test("what was opened by itself is said, with what is left to do", () => {
  const next = (kind: string, told: Record<string, unknown>) => nextWords({ kind, details: told });
  expect(next("part_delivered", { rma: "RMA-1", reship: "2026-EC-1/R1" })).toMatch(
    /^Return RMA-1 is open, and 2026-EC-1\/R1 sends the goods again/,
  );
  expect(next("delivery_refused", { rma: "RMA-2" })).toMatch(/^Return RMA-2 is open; nothing/);
  expect(next("delivery_failed", { follow: "redeliver" })).toMatch(/goes out again by itself/);
  expect(next("delivery_failed", { follow: "return" })).toMatch(/nothing else was opened/);
  expect(next("delivery_failed", {})).toBe("");
  expect(next("short_pick", { rma: "RMA-3" })).toBe("");
});

test("a row tells in one line where and of what it is", () => {
  const told = { code: "x", body: { bin: "A1", sku: "MUG", qty: 3, note: "long words" } };
  expect(brief(told)).toBe("A1 · MUG");
  expect(brief({ rule: "log_has_no_gap", what: "dev-1" })).toBe(
    "dev-1 · No operation of a device is missing",
  );
  expect(details({ cure: "none", follow: "return" })).toEqual([
    ["Cure", "none: what there is goes out"],
  ]);
});
