import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { Views } from "./views";

afterEach(cleanup);

const GROUPS = [
  { label: "Floor", items: [{ path: "/board", label: "Board" }] },
  {
    label: "Delivery",
    items: [
      { path: "/runs", label: "Runs" },
      { path: "/carriers", label: "Carriers" },
    ],
  },
];

function show(current: string) {
  render(<Views label="Views" groups={GROUPS} current={current} />);
  return screen.getByRole("button");
}

test("the button says which view is on show, and the link to it does too", () => {
  expect(show("/runs").textContent).toContain("Views: Runs");
  const current = document.querySelectorAll("[aria-current=page]");
  expect([...current].map(each => each.textContent)).toEqual(["Runs"]);
});

test("each group is read out by its name with its own links", () => {
  show("/board");
  const delivery = screen.getByRole("region", { name: "Delivery" });
  const links = [...delivery.querySelectorAll("a")];
  expect(links.map(each => each.getAttribute("href"))).toEqual(["#/runs", "#/carriers"]);
});

test("Escape closes the views and goes back to the button", () => {
  const button = show("/board");
  fireEvent.click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  const runs = screen.getByRole("link", { name: "Runs" });
  runs.focus();
  fireEvent.keyDown(runs, { key: "Escape" });
  expect(button.getAttribute("aria-expanded")).toBe("false");
  expect(document.activeElement).toBe(button);
});

test("a view that is in no group leaves the button with its own name alone", () => {
  expect(show("/orders/1").textContent).toBe("Views");
});
