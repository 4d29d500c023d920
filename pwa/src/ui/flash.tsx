import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { flash, type Outcome } from "../scan/feedback";
import { announce } from "./announce";
import { Icon, type IconName } from "./icon";

const SIGN: Record<Outcome, IconName> = { right: "check", wrong: "cross", done: "flag" };
const WORD = { right: "ui.right", wrong: "ui.wrong", done: "common.done" } as const;

const SHOWN_MS = 700;

/**
 * The answer to a scan as a rim of colour with a sign and a word. It stands still and goes by a
 * timer: while anything animates, Chromium puts off what a key press has started until the next
 * frame, and the next scan would wait for that on its way to the disk.
 */
export function Flash() {
  const latest = flash.value;
  useEffect(() => {
    if (!latest) return;
    announce(t(WORD[latest.outcome]));
    const gone = setTimeout(() => {
      if (flash.peek() === latest) flash.value = null;
    }, SHOWN_MS);
    return () => clearTimeout(gone);
  }, [latest]);
  if (!latest) return null;
  return (
    <div key={latest.count} class={`flash ${latest.outcome}`} aria-hidden="true">
      <span>
        <Icon name={SIGN[latest.outcome]} />
        {t(WORD[latest.outcome])}
      </span>
    </div>
  );
}
