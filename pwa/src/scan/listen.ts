import { characterOf, Gatherer, TIMES, type WedgeOptions } from "./wedge";

/** Marks the hidden field that receives scans which arrive as text input, not as keys. */
export const CATCHER = "data-scan-catcher";

/** Marks a part of a desk's screen whose single keys are commands: no scan is gathered there. */
export const OWN_KEYS = "data-own-keys";

/** Alt+029: some scanners type a control character by its decimal code. */
class AltCode {
  private digits = "";

  digit(event: KeyboardEvent): boolean {
    if (!event.altKey || !/^\d$/.test(event.key)) return false;
    this.digits += event.key;
    return true;
  }

  release(): string | null {
    const code = Number(this.digits);
    this.digits = "";
    return code > 0 && code < 128 ? String.fromCharCode(code) : null;
  }
}

/**
 * Listens for scans on the whole document, with no field focused. Keys in a real text field are
 * left alone. Returns the function that stops listening.
 */
export function listenForScans(
  emit: (raw: string) => void,
  options: WedgeOptions,
  target: Document = document,
): () => void {
  const gatherer = new Gatherer(emit, options);
  const alt = new AltCode();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(settle, TIMES.pause);
  }
  // Keys that queued up behind a busy page come before a second timer, so a late one is not cut off.
  function settle(): void {
    timer = setTimeout(() => {
      gatherer.idle(performance.now());
      if (!gatherer.isEmpty) wait();
    }, 30);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isTextField(event.target) || hasOwnKeys(event.target)) return;
    if (alt.digit(event)) {
      event.preventDefault();
      return;
    }
    const first = gatherer.isEmpty;
    const character = characterOf(event, first);
    if (character === null) return;
    if (character === "terminator") {
      if (!first && gatherer.terminate()) swallow(event);
      return;
    }
    // A first space or letter may be meant for a focused button; the rest of a burst never is.
    if (!first || isCatcher(event.target) || event.ctrlKey) swallow(event);
    gatherer.add(character, event.timeStamp);
    wait();
  }

  function onKeyUp(event: KeyboardEvent): void {
    const character = event.key === "Alt" ? alt.release() : null;
    if (character !== null) gatherer.add(character, event.timeStamp);
    // Browsers press a focused button when Space comes up.
    if (event.key === " " && gatherer.isBurst) event.preventDefault();
  }

  // Data wedges may hand over whole strings through the input method, with no usable key events.
  function onBeforeInput(event: InputEvent): void {
    if (!isCatcher(event.target)) return;
    event.preventDefault();
    if (event.inputType === "insertLineBreak") gatherer.terminate();
    for (const character of event.data ?? "") {
      if (/[\r\n\t]/.test(character)) gatherer.terminate();
      else gatherer.add(character, event.timeStamp);
    }
    wait();
  }

  // Composed text cannot be cancelled beforehand: it is taken out of the field afterwards.
  function onInput(event: Event): void {
    const field = event.target;
    if (!isCatcher(field) || field.value === "") return;
    const text = field.value;
    field.value = "";
    for (const character of text) gatherer.add(character, event.timeStamp);
    wait();
  }

  target.addEventListener("keydown", onKeyDown, true);
  target.addEventListener("keyup", onKeyUp, true);
  target.addEventListener("beforeinput", onBeforeInput, true);
  target.addEventListener("input", onInput, true);
  return () => {
    clearTimeout(timer);
    target.removeEventListener("keydown", onKeyDown, true);
    target.removeEventListener("keyup", onKeyUp, true);
    target.removeEventListener("beforeinput", onBeforeInput, true);
    target.removeEventListener("input", onInput, true);
  };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

export function isCatcher(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.hasAttribute(CATCHER);
}

const NOT_TEXT = new Set([
  "button",
  "checkbox",
  "radio",
  "range",
  "submit",
  "reset",
  "file",
  "color",
]);

/** A field that a person types into: scans there belong to the field. */
function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`[${OWN_KEYS}]`) !== null;
}

export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return !target.hasAttribute(CATCHER) && !NOT_TEXT.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}
