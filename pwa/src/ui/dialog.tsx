import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useHeldScans } from "../scan/use-scans";
import { useSpoken } from "../voice/use-voice";
import { Button } from "./button";
import { Icon } from "./icon";

export interface DialogProps {
  title: string;
  children?: ComponentChildren;
  /** Buttons, the primary one first. */
  actions: ComponentChildren;
  /** Escape and a tap outside; without it the question must be answered. */
  onClose?: () => void;
}

/** A question over the screen while it is mounted. Scans wait, and play in order after it. */
export function Dialog({ title, children, actions, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useHeldScans();
  useSpoken(title);
  // Before the next key can come: it belongs to the dialog already.
  useLayoutEffect(() => {
    element.current?.showModal();
    // What is longer than the screen is read from its top, even if only its end can be pressed.
    if (element.current?.scrollTop) heading.current?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape raises `cancel`, which does the same.
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={event => {
        if (event.target === element.current) onClose?.();
      }}
    >
      <div>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {children}
        <div class="buttons">{actions}</div>
      </div>
    </dialog>
  );
}

export interface FullStopProps {
  /** What happened, e.g. "Wrong item". */
  title: string;
  expected?: ComponentChildren;
  scanned?: ComponentChildren;
  /** What to do next; a scan of the right one clears it, so the screen keeps taking scans. */
  mend?: string;
  /** What is said in place of title and mend. */
  spoken?: string;
  /** Another way out, such as reporting an exception. */
  actions?: ComponentChildren;
  onClose?: () => void;
}

/**
 * A full-screen stop for a wrong scan. It does not take the scans: the screen behind goes on
 * receiving them and takes the stop away when the right one comes.
 */
export function FullStop(props: FullStopProps) {
  const { title, expected, scanned, mend = t("ui.scanRightOne"), actions, onClose } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useSpoken(props.spoken ?? `${title}. ${mend}`, scanned);
  const id = useId();
  useEffect(() => heading.current?.focus(), []);
  return (
    <div
      class="full-stop"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={id}
      aria-describedby={`${id}-why`}
    >
      <div class="words">
        <div class="head">
          <div class="sign">
            <Icon name="stop" />
          </div>
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
        </div>
        <div id={`${id}-why`} class="stack">
          <dl class="compare">
            {expected && <Compared sign="check" name={t("ui.expected")} value={expected} />}
            {scanned && <Compared sign="cross" name={t("ui.scanned")} value={scanned} />}
          </dl>
          <p class="mend">{mend}</p>
        </div>
      </div>
      <div class="actions">
        {actions}
        {onClose && (
          <Button kind="primary" onClick={onClose}>
            {t("common.back")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Compared({
  sign,
  name,
  value,
}: {
  sign: "check" | "cross";
  name: string;
  value: ComponentChildren;
}) {
  return (
    <div>
      <dt>
        <Icon name={sign} />
        {name}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
