import "fake-indexeddb/auto";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { navigate, place } from "../../router";
import { readFilter } from "../desk/open-orders";
import { OrderFilters, States, sortBy } from "./order-filters";

beforeEach(() => {
  chooseLanguage("en");
  navigate("/supervisor", { replace: true });
});
afterEach(cleanup);

const ORDERS = [
  { id: "a", state: "released", carrier: "DHL", wave: 3 },
  { id: "b", state: "picking", carrier: "", wave: 12 },
] as OrderRow[];

function Filters() {
  const filter = readFilter(place.value.query);
  return (
    <>
      <OrderFilters filter={filter} orders={ORDERS}>
        <span />
      </OrderFilters>
      <States orders={ORDERS} filter={filter} />
    </>
  );
}

const hash = () => location.hash;

async function back(): Promise<void> {
  const changed = new Promise(done => addEventListener("hashchange", done, { once: true }));
  history.back();
  await act(() => changed as Promise<void>);
}

test("a choice is a step of the address, and the back button takes it back", async () => {
  render(<Filters />);
  fireEvent.change(screen.getByLabelText("Carrier"), { target: { value: "DHL" } });
  expect(hash()).toBe("#/supervisor?carrier=DHL");
  fireEvent.change(screen.getByLabelText("Lateness"), { target: { value: "any" } });
  expect(hash()).toBe("#/supervisor?late=any&carrier=DHL");
  await back();
  expect(hash()).toBe("#/supervisor?carrier=DHL");
  expect((screen.getByLabelText("Lateness") as HTMLSelectElement).value).toBe("");
});

test("what one types is one step however many keys it takes", async () => {
  render(<Filters />);
  const field = screen.getByLabelText("Filter");
  for (const text of ["w", "we", "web"]) fireEvent.input(field, { target: { value: text } });
  expect(hash()).toBe("#/supervisor?q=web");
  await back();
  expect(hash()).toBe("#/supervisor");
});

test("the same column again turns the sorting round", () => {
  sortBy(readFilter(place.value.query), "priority");
  expect(hash()).toBe("#/supervisor?sort=priority");
  sortBy(readFilter(place.value.query), "priority");
  expect(hash()).toBe("#/supervisor?sort=priority&down=1");
  sortBy(readFilter(place.value.query), "due");
  expect(hash()).toBe("#/supervisor");
});

test("filters that are set are counted on their button, and one button clears them", () => {
  navigate("/supervisor?state=picking&wave=3&late=will&q=x");
  render(<Filters />);
  const button = screen.getByRole("button", { name: "Filters (2)" });
  expect(button.getAttribute("aria-expanded")).toBe("true");
  fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(hash()).toBe("#/supervisor?state=picking");
});

test("a carrier that no order has any more can still be read in the filter", () => {
  navigate("/supervisor?carrier=Gone");
  render(<Filters />);
  expect((screen.getByLabelText("Carrier") as HTMLSelectElement).value).toBe("Gone");
});

test("a state keeps the other filters", () => {
  navigate("/supervisor?carrier=DHL");
  render(<Filters />);
  const link = screen.getByRole("link", { name: "Picking 1" });
  expect(link.getAttribute("href")).toBe("#/supervisor?state=picking&carrier=DHL");
});
