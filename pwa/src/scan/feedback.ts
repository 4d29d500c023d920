import { signal } from "@preact/signals";
import { settings } from "../settings";

/** `right`: a scan matched. `wrong`: it did not, nothing was booked. `done`: a whole task is finished. */
export type Outcome = "right" | "wrong" | "done";

/** The newest outcome; `Flash` shows it as colour, shape and word, and reads it out. */
export const flash = signal<{ outcome: Outcome; count: number } | null>(null);

/** Frequency in Hz, start and length in seconds. Pitch and rhythm both differ, for a noisy hall. */
type Note = [frequency: number, start: number, length: number];

const TONES: Record<Outcome, Note[]> = {
  right: [[1320, 0, 0.09]],
  wrong: [
    [196, 0, 0.22],
    [165, 0.26, 0.34],
  ],
  done: [
    [784, 0, 0.11],
    [988, 0.12, 0.11],
    [1319, 0.24, 0.22],
  ],
};

/** Milliseconds on, off, on … */
const VIBRATIONS: Record<Outcome, number[]> = {
  right: [40],
  wrong: [250, 80, 250],
  done: [60, 60, 60, 60, 160],
};

/** Signals an outcome in every way that the person has not switched off. Colour is never alone. */
export function feedback(outcome: Outcome): void {
  flash.value = { outcome, count: (flash.peek()?.count ?? 0) + 1 };
  // Browsers refuse both until the first touch or key; the first scan of a wedge is one.
  if (navigator.userActivation?.hasBeenActive === false) return;
  if (settings.sounds.peek()) play(TONES[outcome]);
  if (settings.vibration.peek()) navigator.vibrate?.(VIBRATIONS[outcome]);
}

let audio: AudioContext | undefined;

function play(notes: Note[]): void {
  if (typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  for (const note of notes) playNote(audio, note);
}

function playNote(context: AudioContext, [frequency, start, length]: Note): void {
  const from = context.currentTime + start;
  const oscillator = new OscillatorNode(context, { frequency, type: "square" });
  const gain = new GainNode(context, { gain: 0 });
  // A ramp at both ends: a bare start and stop click.
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.25, from + 0.01);
  gain.gain.setValueAtTime(0.25, from + length - 0.02);
  gain.gain.linearRampToValueAtTime(0, from + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + length);
}
