import { cleanup, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { App } from "./app";
import { chooseLanguage } from "./i18n";
import { navigate } from "./router";
import { scans } from "./scan/sources";
import { mayOpen } from "./screens";
import { chooseRole, notSaved, person, role } from "./shell";
import { stopped } from "./sync/status";

beforeEach(() => {
  globalThis.matchMedia = () => ({ matches: false }) as MediaQueryList;
  chooseLanguage("en");
  person.value = { id: "17", name: "Mei Lin", roles: ["picker", "packer"] };
  notSaved.value = false;
});
afterEach(cleanup);

test("a page of another role is refused with what to do next", async () => {
  navigate("/admin");
  render(<App />);
  expect(await screen.findByRole("heading", { name: "This page is for other staff" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Home" })).toBeTruthy();
});

test("a page that does not exist says so", async () => {
  navigate("/nowhere/at/all");
  render(<App />);
  expect(await screen.findByRole("heading", { name: "This page does not exist" })).toBeTruthy();
});

test("settings open without signing in and stand under the status bar", async () => {
  person.value = null;
  navigate("/settings");
  render(<App />);
  expect(await screen.findByRole("heading", { name: "Settings" })).toBeTruthy();
  expect(document.querySelector(".status-bar")).toBeTruthy();
});

test("a work page without a person leads to sign-in and remembers where to go", async () => {
  person.value = null;
  navigate("/picker/task/T40");
  render(<App />);
  await Promise.resolve();
  expect(location.hash).toBe("#/auth?next=%23%2Fpicker%2Ftask%2FT40");
});

test("a failed write to the device stops everything in words", async () => {
  navigate("/settings");
  render(<App />);
  notSaved.value = true;
  expect((await screen.findByRole("alertdialog")).textContent).toContain("NOT SAVED");
});

test("an exchange that has stopped says on every screen why", async () => {
  navigate("/settings");
  render(<App />);
  stopped.value = { code: "revoked", retry: false };
  expect((await screen.findByRole("alert")).textContent).toContain("access was taken away");
  stopped.value = null;
});

test("scans that one person left waiting are not played for the next", async () => {
  navigate("/settings");
  render(<App />);
  const release = scans.hold();
  scans.offer({ raw: "A-03-02", source: "wedge", at: Date.now() });
  expect(scans.waiting.value).toBe(1);
  person.value = { id: "18", name: "Ann", roles: ["picker"] };
  await waitFor(() => expect(scans.waiting.value).toBe(0));
  release();
});

test("a person starts in their first work and changes only to their own", () => {
  expect(role.value).toBe("picker");
  chooseRole("packer");
  expect(role.value).toBe("packer");
  chooseRole("admin");
  expect(role.value).toBe("picker");
});

test("folders of roles are for those who have the role", () => {
  expect(mayOpen("picker", ["picker"])).toBe(true);
  expect(mayOpen("admin", ["picker"])).toBe(false);
  expect(mayOpen("picker", null)).toBe(false);
  expect(mayOpen("track", null)).toBe(true);
  expect(mayOpen("outbox", ["picker"])).toBe(true);
});
