import { signal } from "@preact/signals";
import { person } from "../shell";

/** What one person wants to hear and to say on this device. */
export interface VoiceChoice {
  /** Instructions are spoken. */
  readonly speech: boolean;
  /** 0 to 1. */
  readonly volume: number;
  /** 1 is the usual speed. */
  readonly rate: number;
  /** Check digits are listened for; most browsers send the voice to a service. */
  readonly listen: boolean;
}

const SILENT: VoiceChoice = { speech: false, volume: 1, rate: 1, listen: false };

export const voice = signal<VoiceChoice>(SILENT);

/** Each person has their own ears: whoever signs in finds what they chose on this device. */
person.subscribe(() => {
  voice.value = read();
});

/** Keeps it for the person who is signed in, or for the device while nobody is. */
export function chooseVoice(change: Partial<VoiceChoice>): void {
  voice.value = { ...voice.peek(), ...change };
  localStorage.setItem(place(), JSON.stringify(voice.peek()));
}

function place(): string {
  return `dockhand.voice.${person.peek()?.id ?? "device"}`;
}

/** What cannot be read any more counts as not chosen. */
function read(): VoiceChoice {
  let kept: Partial<Record<keyof VoiceChoice, unknown>> | null = null;
  try {
    kept = JSON.parse(localStorage.getItem(place()) ?? "null");
  } catch {
    return SILENT;
  }
  return {
    speech: kept?.speech === true,
    volume: within(kept?.volume, 0, 1),
    rate: within(kept?.rate, 0.5, 2),
    listen: kept?.listen === true,
  };
}

function within(value: unknown, least: number, most: number): number {
  return typeof value === "number" && value >= least && value <= most ? value : 1;
}
