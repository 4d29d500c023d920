/**
 * Keyboard-wedge scanners: a scan arrives as a burst of key events on the document.
 *
 * A terminator (Enter, Tab or a configured character) ends a scan, however slow it came: scanners
 * may be set to leave up to a second between characters, and a busy page delivers keys late. A pause
 * is only the last resort, for scanners that send no terminator, and never acts on a fragment.
 */

/** What ends a scan: `enter-tab` (the usual), `pause`, or one printable character. */
export type Suffix = "enter-tab" | "pause" | (string & {});

export interface WedgeOptions {
  suffix?: Suffix;
  /** A printable character that the scanner sends in place of GS (ASCII 29). */
  gsSubstitute?: string;
  /** Whether a code ended by a pause is whole, e.g. by its check digit. Without it none is. */
  isWhole?: (raw: string) => boolean;
  /** Told of a burst that never ended: the scanner's suffix is missing, or the scan was cut off. */
  onFragment?: (raw: string) => void;
}

export interface WedgeTimes {
  /** Milliseconds without a key after which a pause may end a scan. */
  pause: number;
  /** Milliseconds without a key after which what was gathered is given up. */
  abandon: number;
}

export const TIMES: WedgeTimes = { pause: 300, abandon: 1500 };

const GS = "\x1d";
const SHORTEST = 3;
/** Slowest rhythm, in ms a key, that a burst without an end must keep to be blamed on a scanner. */
const SCANNER_RHYTHM = 60;
const SHORTEST_FRAGMENT = 6;

/** Gathers characters into scans. Knows no DOM; times are in milliseconds on any steady clock. */
export class Gatherer {
  private text = "";
  private firstAt = 0;
  private lastAt = 0;
  private widestGap = 0;
  private sawTerminator = false;
  private readonly emit: (raw: string) => void;
  private readonly options: WedgeOptions;
  private readonly times: WedgeTimes;

  constructor(emit: (raw: string) => void, options: WedgeOptions = {}, times = TIMES) {
    this.emit = emit;
    this.options = options;
    this.times = times;
  }

  get isEmpty(): boolean {
    return this.text === "";
  }

  /** More than one character: no single key for whatever has the focus. */
  get isBurst(): boolean {
    return this.text.length > 1;
  }

  add(character: string, at: number): void {
    if (!this.isEmpty && at - this.lastAt > this.times.abandon) this.abandon();
    if (character === this.options.suffix) {
      this.terminate();
      return;
    }
    if (this.isEmpty) this.firstAt = at;
    else this.widestGap = Math.max(this.widestGap, at - this.lastAt);
    this.text += character === this.options.gsSubstitute ? GS : character;
    this.lastAt = at;
  }

  /** Ends the scan; answers whether there was one, so that a lone Enter keeps its usual meaning. */
  terminate(): boolean {
    const raw = this.take();
    if (raw.length < SHORTEST) return false;
    this.sawTerminator = true;
    this.emit(raw);
    return true;
  }

  /** Called when keys have paused: ends a scan that is surely whole, gives up one that is too old. */
  idle(at: number): void {
    if (this.isEmpty) return;
    const pause = at - this.lastAt;
    if (this.mayEndByPause(pause)) this.emit(this.take());
    else if (pause >= this.times.abandon) this.abandon();
  }

  /**
   * A scanner that has once sent a terminator always does, and one that is slow between characters
   * may be in the middle of a code: neither is cut short by a pause.
   */
  private mayEndByPause(pause: number): boolean {
    const isLongEnough = pause >= Math.max(this.times.pause, 3 * this.widestGap);
    if (!isLongEnough || this.text.length < SHORTEST) return false;
    const isWhole = this.options.isWhole?.(this.text) ?? false;
    if (this.options.suffix === "pause") return isWhole || pause >= 10 * this.widestGap;
    return isWhole && !this.sawTerminator && this.widestGap <= SCANNER_RHYTHM;
  }

  private abandon(): void {
    const rhythm = (this.lastAt - this.firstAt) / Math.max(1, this.text.length - 1);
    const raw = this.take();
    if (raw.length >= SHORTEST_FRAGMENT && rhythm <= SCANNER_RHYTHM) this.options.onFragment?.(raw);
  }

  private take(): string {
    const { text } = this;
    this.text = "";
    this.widestGap = 0;
    return text;
  }
}

/** The character that a key event stands for, `terminator`, or nothing if it is not part of a scan. */
export function characterOf(event: KeyboardEvent, isEmpty: boolean): string | "terminator" | null {
  if (event.metaKey || event.isComposing) return null;
  if (event.key === "Enter" || event.key === "Tab") return "terminator";
  if (event.key === "Unidentified" && event.keyCode === 29) return GS;
  if (event.key.length !== 1 || event.altKey) return null;
  if (!event.ctrlKey) return event.key;
  if (event.key === "]" || event.code === "BracketRight" || event.key === GS) return GS;
  return isEmpty ? null : controlCharacter(event.key);
}

/** Scanners send control characters as Ctrl and a key, e.g. Ctrl+^ for RS, Ctrl+M for CR. */
function controlCharacter(key: string): string | "terminator" | null {
  const code = key.toUpperCase().charCodeAt(0);
  if (code < 0x40 || code > 0x5f) return null;
  const character = String.fromCharCode(code & 0x1f);
  return character === "\r" || character === "\n" ? "terminator" : character;
}
