import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { flash, type Outcome } from "../scan/feedback";
import { announce } from "./announce";
import { Icon, type IconName } from "./icon";

const SIGN: Record<Outcome, IconName> = { right: "check", wrong: "cross", done: "flag" };
const WORD = { right: "ui.right", wrong: "ui.wrong", done: "common.done" } as const;

/** The answer to a scan as a rim of colour with a sign and a word. */
export function Flash() {
  const latest = flash.value;
  useEffect(() => {
    if (latest) announce(t(WORD[latest.outcome]));
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
