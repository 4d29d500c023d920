import { beforeEach, expect, test } from "vitest";
import { beginDrag, dragged } from "./drag";
import { task } from "./fixtures";

const lanes = (x: number) => (x > 100 ? "bo" : null);
let dropped: string[];

function pointer(type: string, x: number, init: PointerEventInit = {}): PointerEvent {
  return new PointerEvent(type, { pointerId: 1, clientX: x, clientY: 10, button: 0, ...init });
}

function press(init: PointerEventInit = {}): void {
  beginDrag(pointer("pointerdown", 10, init), [task()], lane => dropped.push(lane), lanes);
}

beforeEach(() => {
  dropped = [];
  document.elementFromPoint = () => null;
  dispatchEvent(pointer("pointercancel", 0));
});

test("what is dropped on a person is given to them", () => {
  press();
  dispatchEvent(pointer("pointermove", 60));
  expect(dragged.value).toMatchObject({ x: 60, over: null });
  dispatchEvent(pointer("pointermove", 150));
  expect(dragged.value?.over).toBe("bo");
  dispatchEvent(pointer("pointerup", 150));
  expect(dropped).toEqual(["bo"]);
  expect(dragged.value).toBeNull();
});

test("a tap, a drop beside everybody and another finger give nothing", () => {
  press();
  dispatchEvent(pointer("pointermove", 13));
  expect(dragged.value).toBeNull();
  dispatchEvent(pointer("pointerup", 150));
  press();
  dispatchEvent(pointer("pointermove", 60));
  dispatchEvent(pointer("pointerup", 150, { pointerId: 2 }));
  expect(dragged.value).not.toBeNull();
  dispatchEvent(pointer("pointerup", 60));
  expect(dropped).toEqual([]);
});

test("Escape, or the browser taking the finger to scroll, gives it up", () => {
  for (const end of [
    new KeyboardEvent("keydown", { key: "Escape" }),
    pointer("pointercancel", 150),
  ]) {
    press();
    dispatchEvent(pointer("pointermove", 150));
    dispatchEvent(end);
    expect(dragged.value).toBeNull();
    dispatchEvent(pointer("pointerup", 150));
  }
  expect(dropped).toEqual([]);
});

test("the other mouse button drags nothing", () => {
  press({ button: 2 });
  dispatchEvent(pointer("pointermove", 150));
  expect(dragged.value).toBeNull();
});
