import { effect, signal } from "@preact/signals";
import { type Language, language } from "../i18n/language";
import { makeRecognition, type Recognition } from "./recognition";
import { speaking } from "./speak";

/** `blocked`: the person or the browser forbids the microphone. `away`: the service or it fails. */
export type Hearing = "off" | "listening" | "blocked" | "away";

/** What the screen shows of it. */
export const hearing = signal<Hearing>("off");

const TAGS: Record<Language, string> = { en: "en-US", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };
const FORBIDDEN = new Set(["not-allowed", "service-not-allowed"]);
const HARMLESS = new Set(["no-speech", "aborted"]);
/** After a failure, so that a dead service is not asked all the time. */
const REST_MS = 5_000;
/** Browsers end a session by themselves after some seconds of silence. */
const AGAIN_MS = 250;

/** Gives each whole utterance with its guesses, best first, until the returned function is called. */
export function listen(onHeard: (guesses: string[]) => void): () => void {
  const ear = new Ear(onHeard);
  const stopWatching = effect(() => ear.follow(speaking.value));
  return () => {
    stopWatching();
    ear.close();
  };
}

class Ear {
  private readonly recognition: Recognition | undefined = makeRecognition();
  private readonly onHeard: (guesses: string[]) => void;
  private wanted = false;
  private running = false;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private pause = AGAIN_MS;

  constructor(onHeard: (guesses: string[]) => void) {
    this.onHeard = onHeard;
    const it = this.recognition;
    if (!it) return;
    it.lang = TAGS[language.peek()];
    it.continuous = true;
    it.interimResults = false;
    it.maxAlternatives = 4;
    it.onresult = ({ results, resultIndex }) => {
      this.pause = AGAIN_MS;
      for (const result of Array.from(results).slice(resultIndex))
        if (result.isFinal && this.wanted)
          this.onHeard(Array.from(result, ({ transcript }) => transcript));
    };
    it.onerror = ({ error }) => this.failed(error);
    it.onend = () => {
      this.running = false;
      this.later();
    };
  }

  follow(isSpeaking: boolean): void {
    this.wanted = !isSpeaking;
    if (this.wanted) this.start();
    else this.recognition?.abort();
  }

  close(): void {
    this.wanted = false;
    clearTimeout(this.rest);
    this.recognition?.abort();
    hearing.value = "off";
  }

  private start(): void {
    if (!this.recognition || this.running || hearing.peek() === "blocked") return;
    try {
      this.recognition.start();
      this.running = true;
      hearing.value = "listening";
    } catch {
      // The session before has not ended yet; its end starts this one.
    }
  }

  private later(): void {
    clearTimeout(this.rest);
    if (this.wanted) this.rest = setTimeout(() => this.wanted && this.start(), this.pause);
  }

  private failed(error: string): void {
    if (HARMLESS.has(error)) return;
    hearing.value = FORBIDDEN.has(error) ? "blocked" : "away";
    this.pause = REST_MS;
  }
}
