import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatNumber, t } from "../i18n";
import { voice } from "../voice/choice";
import { say } from "../voice/speak";
import { useSpoken } from "../voice/use-voice";
import { Icon, type IconName } from "./icon";

/** The part of the instruction that the worker is at; those before it are ticked. */
export type Step = "where" | "what" | "quantity" | "finished";

const ORDER: readonly Step[] = ["where", "what", "quantity", "finished"];

export interface BigInstructionProps {
  /** The bin, stop or tote, as it stands on its label. */
  where: string;
  whereDetail?: string;
  what?: string;
  /** Code, lot, expiry: what tells this one from its neighbours. */
  whatDetail?: ComponentChildren;
  quantity?: number;
  /** How many are verified already. */
  counted?: number;
  /** The word for the unit, e.g. pieces. */
  unit?: string;
  step: Step;
}

/** Where, what and how many: the one step of a handheld screen, legible at arm's length. */
export function BigInstruction(props: BigInstructionProps) {
  const { where, whereDetail, what, whatDetail, quantity, step } = props;
  return (
    <section class="instruction" aria-live="polite">
      <Part name="where" step={step} icon="pin" caption={t("ui.where")}>
        <div class="where">{where}</div>
        {whereDetail && <div class="detail">{whereDetail}</div>}
      </Part>
      {what !== undefined && (
        <Part name="what" step={step} icon="box" caption={t("ui.what")}>
          <div class="what">{what}</div>
          {whatDetail && <div class="detail">{whatDetail}</div>}
        </Part>
      )}
      {quantity !== undefined && (
        <Part name="quantity" step={step} icon="flag" caption={t("ui.howMany")}>
          <Quantity {...props} quantity={quantity} />
        </Part>
      )}
    </section>
  );
}

interface PartProps {
  name: Step;
  step: Step;
  icon: IconName;
  caption: string;
  children: ComponentChildren;
}

function Part({ name, step, icon, caption, children }: PartProps) {
  const ahead = ORDER.indexOf(name) - ORDER.indexOf(step);
  const state = ahead === 0 ? "now" : ahead < 0 ? "past" : "ahead";
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state === "now") part.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  const sign = { now: "next", past: "check", ahead: icon } as const;
  return (
    <div
      ref={part}
      class={`part ${state} ${name === "quantity" ? "counting" : ""}`}
      aria-current={state === "now" ? "step" : undefined}
    >
      <div class="caption">
        <Icon name={sign[state]} />
        {caption}
      </div>
      <div>{children}</div>
    </div>
  );
}

function Quantity({ quantity, counted = 0, unit }: { quantity: number } & BigInstructionProps) {
  return (
    <div class="quantity">
      {counted > 0 && <small>{formatNumber(counted)} / </small>}
      {formatNumber(quantity)}
      {unit && <small> {unit}</small>}
    </div>
  );
}

export interface PromptProps {
  icon?: IconName;
  children: string;
  /** What is said in place of the words, for whoever listens and does not look. */
  spoken?: string;
}

/** What to do now, in a few words, above or below the instruction. */
export function Prompt({ icon = "scan", children, spoken = children }: PromptProps) {
  useSpoken(spoken);
  return (
    <div class="prompt-row">
      <p class="prompt">
        <Icon name={icon} />
        {children}
      </p>
      {voice.value.speech && (
        <button
          type="button"
          class="bar-button"
          aria-label={t("voice.sayAgain")}
          title={t("voice.sayAgain")}
          data-testid="say-again"
          onClick={() => say(spoken)}
        >
          <Icon name="sound" />
        </button>
      )}
    </div>
  );
}

/** The place after this one, so that the worker can turn towards it already. */
export function NextStop({ place }: { place: string }) {
  return (
    <p class="next-stop">
      <Icon name="next" />
      {t("ui.nextStop", { place })}
    </p>
  );
}
