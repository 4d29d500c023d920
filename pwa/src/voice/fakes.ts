/** What browsers have and the tests' does not: a voice that speaks when told to, and an ear. */
import type { Recognition } from "./recognition";

export class FakeUtterance {
  lang = "";
  volume = 0;
  rate = 0;
  voice: SpeechSynthesisVoice | null = null;
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Says one thing at a time; `finish` ends it. */
export class FakeSynthesis {
  voices: Partial<SpeechSynthesisVoice>[] = [];
  readonly said: FakeUtterance[] = [];
  now: FakeUtterance | undefined;

  getVoices() {
    return this.voices as SpeechSynthesisVoice[];
  }

  speak(utterance: FakeUtterance) {
    this.said.push(utterance);
    this.now = utterance;
  }

  /** As browsers do it: the end of what was cut short is told later. */
  cancel() {
    const cut = this.now;
    this.now = undefined;
    if (cut) queueMicrotask(() => cut.onerror?.());
  }

  finish() {
    const ended = this.now;
    this.now = undefined;
    ended?.onend?.();
  }
}

export class FakeRecognition implements Recognition {
  static all: FakeRecognition[] = [];
  lang = "";
  continuous = false;
  interimResults = true;
  maxAlternatives = 0;
  onresult: Recognition["onresult"] = null;
  onerror: Recognition["onerror"] = null;
  onend: Recognition["onend"] = null;
  running = false;
  starts = 0;

  constructor() {
    FakeRecognition.all.push(this);
  }

  start() {
    if (this.running) throw new Error("InvalidStateError");
    this.running = true;
    this.starts += 1;
  }

  abort() {
    if (!this.running) return;
    this.running = false;
    this.onend?.();
  }

  hear(...guesses: string[]) {
    const result = Object.assign(
      guesses.map(transcript => ({ transcript })),
      { isFinal: true },
    );
    this.onresult?.({ resultIndex: 0, results: [result] });
  }

  fail(error: string) {
    this.onerror?.({ error });
    this.abort();
  }
}
