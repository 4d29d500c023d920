import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { Alert } from "./alert";

afterEach(cleanup);

test("what went wrong is brought into sight, and again when it is something else", () => {
  const seen = vi.fn();
  Element.prototype.scrollIntoView = seen;
  const { rerender } = render(<Alert id="told">No network</Alert>);
  expect(seen).toHaveBeenCalledTimes(1);
  rerender(<Alert id="told">No network</Alert>);
  expect(seen).toHaveBeenCalledTimes(1);
  rerender(<Alert id="told">Somebody was faster</Alert>);
  expect(seen).toHaveBeenCalledTimes(2);
  expect(screen.getByRole("alert").textContent).toContain("Somebody was faster");
});
