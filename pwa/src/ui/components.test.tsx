import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../i18n";
import { scans } from "../scan/sources";
import { BigInstruction, Button, Dialog, Field, FullStop, Keypad, List, StatusBar, Table } from ".";

beforeEach(() => chooseLanguage("en"));
afterEach(cleanup);

const NOW = new Date(2026, 0, 5, 14, 49).getTime();
const MINUTE = 60_000;

test("the status bar says since when it is off-line, how much is unsent and how old it is", () => {
  const since = NOW - 47 * MINUTE;
  render(
    <StatusBar connection={{ online: false, since }} unsent={12} oldestUnsent={since} now={NOW} />,
  );
  expect(screen.getByRole("status").textContent).toBe("Offline since 14:02");
  expect(screen.getByText("12 unsent · oldest 47 min")).toBeTruthy();
});

test("the status bar says so when all is sent", () => {
  render(<StatusBar connection={{ online: true }} unsent={0} oldestUnsent={null} now={NOW} />);
  expect(screen.getByRole("status").textContent).toBe("Online");
  expect(screen.getByText("All sent")).toBeTruthy();
});

test("the status bar follows the language while it is on show", async () => {
  render(<StatusBar connection={{ online: true }} unsent={0} oldestUnsent={null} now={NOW} />);
  chooseLanguage("zh-Hans");
  expect(await screen.findByText("全部已发送")).toBeTruthy();
});

test("an instruction marks the step that the worker is at and no other", () => {
  render(<BigInstruction where="A-03-02" what="Tea" quantity={4} counted={2} step="what" />);
  const current = document.querySelectorAll("[aria-current=step]");
  expect([...current].map(each => each.textContent)).toEqual(["WhatTea"]);
});

function Pin({ onSubmit }: { onSubmit: (value: string) => void }) {
  const [value, setValue] = useState("");
  return (
    <Keypad
      label="PIN"
      value={value}
      onChange={setValue}
      onSubmit={() => onSubmit(value)}
      maxLength={6}
      masked
    />
  );
}

test("a keypad takes taps, deletes one, stops at its length and submits", async () => {
  const submitted = vi.fn();
  render(<Pin onSubmit={submitted} />);
  const tap = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
  for (const digit of "12345") await tap(digit);
  await tap("Delete last digit");
  for (const digit of "6789") await tap(digit);
  await tap("OK");
  expect(submitted).toHaveBeenCalledExactlyOnceWith("123467");
});

test("a masked keypad shows no digit as text", async () => {
  render(<Pin onSubmit={() => {}} />);
  await fireEvent.click(screen.getByRole("button", { name: "7" }));
  const field = screen.getByRole("textbox", { name: "PIN" });
  expect(field.className).toContain("masked");
  expect(screen.getByRole("status").textContent).toBe("digit entered: 1");
});

test("an empty keypad cannot be submitted", () => {
  render(<Pin onSubmit={() => {}} />);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "OK" }).disabled).toBe(true);
});

test("a field reads its error out with its label", () => {
  render(<Field label="Postcode" value="2000" onInput={() => {}} error="Add two digits." />);
  const field = screen.getByLabelText(/Postcode/);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  const about = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(about?.textContent).toBe("Add two digits.");
});

test("scans wait while a dialog is open and are played after it", async () => {
  const seen: string[] = [];
  const stop = scans.subscribe(scan => void seen.push(scan.raw));
  const { unmount } = render(<Dialog title="Empty?" actions={<Button>Yes</Button>} />);
  scans.offer({ raw: "A-03-02", source: "wedge", at: NOW });
  await Promise.resolve();
  expect(seen).toEqual([]);
  unmount();
  await Promise.resolve();
  expect(seen).toEqual(["A-03-02"]);
  stop();
});

test("a full stop keeps the scans coming, for the right one clears it", async () => {
  const seen: string[] = [];
  const stop = scans.subscribe(scan => void seen.push(scan.raw));
  render(<FullStop title="Wrong lot" expected="B2291" scanned="B1870" />);
  scans.offer({ raw: "B2291", source: "wedge", at: NOW + 1000 });
  await Promise.resolve();
  expect(seen).toEqual(["B2291"]);
  const text = screen.getByRole("alertdialog").textContent;
  expect(text).toContain("ExpectedB2291");
  expect(text).toContain("ScannedB1870");
  stop();
});

test("a table sorts figures as figures and words with numbers in counting order", async () => {
  const rows = ["A-10", "A-9", "A-1"].map((bin, index) => ({
    bin,
    lines: [3, 20, 100][index] ?? 0,
  }));
  render(
    <Table
      rows={rows}
      rowKey={row => row.bin}
      columns={[
        { key: "bin", title: "Bin", cell: row => row.bin, sortBy: row => row.bin },
        { key: "lines", title: "Lines", cell: row => row.lines, sortBy: row => row.lines },
      ]}
    />,
  );
  const bins = () => [...document.querySelectorAll("td:first-child")].map(td => td.textContent);
  await fireEvent.click(screen.getByRole("button", { name: "Bin" }));
  expect(bins()).toEqual(["A-1", "A-9", "A-10"]);
  await fireEvent.click(screen.getByRole("button", { name: "Lines" }));
  expect(bins()).toEqual(["A-10", "A-9", "A-1"]);
  await fireEvent.click(screen.getByRole("button", { name: "Lines" }));
  expect(bins()).toEqual(["A-1", "A-9", "A-10"]);
});

test("an empty list says so", () => {
  render(<List>{[]}</List>);
  expect(screen.getByText("Nothing here yet.")).toBeTruthy();
});
