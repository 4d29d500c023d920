import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { navigate } from "../router";
import { announce } from "./announce";
import { Icon, type IconName } from "./icon";

export interface ScreenProps {
  title: string;
  subtitle?: string;
  /** A path to go back to, or what to do instead. */
  back?: string | (() => void);
  /** Controls at the end of the top bar. */
  trailing?: ComponentChildren;
  /** Buttons within reach of one thumb; the primary one last. */
  actions?: ComponentChildren;
  /** A desktop screen that uses the whole width. */
  wide?: boolean;
  children?: ComponentChildren;
}

/** One screen: top bar, what is to be seen, and the actions below. */
export function Screen(props: ScreenProps) {
  const { title, subtitle, back, trailing, actions, wide = false, children } = props;
  return (
    <div class={wide ? "screen wide" : "screen"}>
      <header class="top-bar">
        {back !== undefined && <BackButton back={back} />}
        <Heading title={title} subtitle={subtitle} />
        {trailing}
        {back === undefined && <ToSettings />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too. */}
      <main class="content stack" tabIndex={0}>
        {children}
      </main>
      {actions && <footer class="actions">{actions}</footer>}
    </div>
  );
}

function Heading({ title, subtitle }: { title: string; subtitle: string | undefined }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A new screen starts reading at its title; where something else has the focus it is read out.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
    else announce(title);
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {title}
      {subtitle && <small>{subtitle}</small>}
    </h1>
  );
}

/** A screen with nowhere to go back to is somebody's first: settings and sign-out are found there. */
function ToSettings() {
  return (
    <BarButton icon="gear" label={t("common.settings")} onClick={() => navigate("/settings")} />
  );
}

function BackButton({ back }: { back: string | (() => void) }) {
  const go = () => (typeof back === "string" ? navigate(back) : back());
  return <BarButton icon="back" label={t("common.back")} onClick={go} />;
}

export interface BarButtonProps {
  testId?: string;
  icon: IconName;
  /** Read out: the sign stands alone. */
  label: string;
  onClick: () => void;
  disabled?: boolean;
}

/** A sign in the top bar, for `trailing`: undo, settings, search. */
export function BarButton({ icon, label, onClick, disabled = false, testId }: BarButtonProps) {
  return (
    <button
      type="button"
      class="bar-button"
      aria-label={label}
      title={label}
      data-testid={testId}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
