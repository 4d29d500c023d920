import { useEffect } from "preact/hooks";
import { language } from "../i18n/language";
import { scans } from "../scan/sources";
import { voice } from "./choice";
import { heard } from "./heard";
import { listen } from "./listen";
import { canListen } from "./recognition";
import { say, sayAgain } from "./speak";

/** Says an instruction when it comes on show, whenever it changes, and for each new `cause`. */
export function useSpoken(text: string, cause?: unknown): void {
  useEffect(() => say(text), [text, cause]);
}

/**
 * Takes spoken check digits as if they were typed, while a location is what the step asks for and
 * the person has switched it on. "Again" repeats the instruction.
 */
export function useSpokenDigits(wanted: boolean): void {
  const on = wanted && voice.value.listen && canListen();
  const tongue = language.value;
  useEffect(() => {
    if (!on) return undefined;
    return listen(guesses => {
      const meant = heard(guesses, tongue);
      if (meant?.kind === "again") sayAgain();
      if (meant?.kind === "digits")
        scans.offer({ raw: meant.digits, source: "voice", at: Date.now() });
    });
  }, [on, tongue]);
}
