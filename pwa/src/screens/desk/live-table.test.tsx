import "fake-indexeddb/auto";
import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../../i18n";
import { Found, LiveTable } from "./live-table";
import { keyStep, windowOf } from "./window";

beforeEach(() => chooseLanguage("en"));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const rows = new Map<string, ReturnType<typeof signal<string>>>();
const useOne = (key: string) => rows.get(key)?.value;
const opened: string[] = [];
const sorted: string[] = [];

function table(keys: readonly string[]) {
  for (const key of keys) if (!rows.has(key)) rows.set(key, signal(`row ${key}`));
  return (
    <LiveTable
      name="orders"
      label="Orders"
      columns={[
        { key: "a", title: "First", cell: row => row },
        { key: "b", title: "Second", cell: () => "x" },
      ]}
      keys={keys}
      useOne={useOne}
      sort="a"
      down
      onSort={key => sorted.push(key)}
      onOpen={key => opened.push(key)}
      empty="Nothing"
    />
  );
}

const many = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`);
const painted = () => [...document.querySelectorAll("[role=row][data-at]")];
const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
const at = () => document.activeElement?.getAttribute("aria-rowindex");

test("of five thousand rows only those in sight are painted, and a reader is told of all", () => {
  render(table(many(5000)));
  expect(painted().length).toBeLessThan(40);
  const grid = screen.getByRole("grid", { name: "Orders" });
  expect(grid.getAttribute("aria-rowcount")).toBe("5001");
  expect(grid.getAttribute("aria-colcount")).toBe("2");
  expect(painted()[0]?.getAttribute("aria-rowindex")).toBe("2");
});

test("the column that sorts says which way, and its head asks for another", () => {
  render(table(many(3)));
  const head = screen.getByRole("columnheader", { name: "First" });
  expect(head.getAttribute("aria-sort")).toBe("descending");
  expect(screen.getByRole("columnheader", { name: "Second" }).hasAttribute("aria-sort")).toBe(
    false,
  );
  fireEvent.click(screen.getByRole("button", { name: "Second" }));
  expect(sorted).toEqual(["b"]);
});

test("one row is reached by Tab, the others by arrows, and Enter opens it", () => {
  render(table(many(5000)));
  expect(painted().filter(row => row.getAttribute("tabindex") === "0")).toHaveLength(1);
  act(() => (painted()[0] as HTMLElement).focus());
  press("ArrowDown");
  press("ArrowDown");
  expect(at()).toBe("4");
  press("End");
  expect(at()).toBe("5001");
  press("Home");
  expect(at()).toBe("2");
  press("ArrowDown");
  press("Enter");
  expect(opened).toEqual(["k1"]);
});

test("a row that moves keeps the focus, and one that goes leaves it to the next", () => {
  const { rerender } = render(table(["a", "b", "c", "d"]));
  act(() => (painted()[1] as HTMLElement).focus());
  rerender(table(["d", "c", "a", "b"]));
  expect(document.activeElement?.textContent).toContain("row b");
  expect(at()).toBe("5");
  rerender(table(["d", "c", "a"]));
  expect(document.activeElement?.textContent).toContain("row a");
});

test("a row with the focus stays painted wherever it moves to", () => {
  const { rerender } = render(table(many(5000)));
  act(() => (painted()[0] as HTMLElement).focus());
  const [first, ...rest] = many(5000);
  rerender(table([...rest, first as string]));
  expect(document.activeElement?.textContent).toContain("row k0");
  expect(at()).toBe("5001");
});

test("a change of one row paints that row alone and takes no focus", () => {
  render(table(many(10)));
  const other = painted()[3];
  act(() => (painted()[1] as HTMLElement).focus());
  act(() => {
    (rows.get("k1") as ReturnType<typeof signal<string>>).value = "changed";
  });
  expect(document.activeElement?.textContent).toContain("changed");
  expect(painted()[3]).toBe(other);
  (rows.get("k1") as ReturnType<typeof signal<string>>).value = "row k1";
});

test("an empty list says so", () => {
  render(table([]));
  expect(screen.getByText("Nothing")).toBeTruthy();
  expect(screen.queryByRole("grid")).toBeNull();
});

test("what a filter found is read out once; rows that come and go are not", () => {
  vi.useFakeTimers();
  const { rerender } = render(<Found of="?late=any" n={7} />);
  act(() => void vi.advanceTimersByTime(1000));
  expect(screen.getByRole("status").textContent).toBe("7 orders found");
  rerender(<Found of="?late=any" n={8} />);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByRole("status").textContent).toBe("7 orders found");
  rerender(<Found of="?late=will" n={1} />);
  act(() => void vi.advanceTimersByTime(1000));
  expect(screen.getByRole("status").textContent).toBe("1 order found");
});

test("the window is what is in sight and a little more, never beyond the ends", () => {
  expect(windowOf(0, 560, 5000, 56)).toEqual({ first: 0, last: 16 });
  expect(windowOf(56_000, 560, 5000, 56)).toEqual({ first: 994, last: 1016 });
  expect(windowOf(280_000, 560, 5000, 56)).toEqual({ first: 4994, last: 5000 });
  expect(windowOf(280_000, 560, 3, 56)).toEqual({ first: 3, last: 3 });
});

test("keys lead to rows that are there", () => {
  expect(keyStep("ArrowUp", 0, 10, 5)).toBe(0);
  expect(keyStep("ArrowDown", 9, 10, 5)).toBe(9);
  expect(keyStep("PageDown", 2, 10, 5)).toBe(7);
  expect(keyStep("PageDown", 7, 10, 5)).toBe(9);
  expect(keyStep("a", 7, 10, 5)).toBeNull();
});
