/** The browser's speech recognition: it has no types of its own yet, and two names. */
export interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  maxAlternatives: number;
  onresult: ((event: RecognitionResult) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
}

interface RecognitionResult {
  readonly resultIndex: number;
  readonly results: ArrayLike<
    ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }
  >;
}

type Maker = new () => Recognition;

export function makeRecognition(): Recognition | undefined {
  const names = globalThis as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  const Found = names.SpeechRecognition ?? names.webkitSpeechRecognition;
  return Found && new Found();
}

export function canListen(): boolean {
  return "SpeechRecognition" in globalThis || "webkitSpeechRecognition" in globalThis;
}
