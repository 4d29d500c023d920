import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import type { Missing, Policy } from "../../pod/policy";
import { Button, Icon, Screen } from "../../ui";
import type { Filled, Lack, StepName, Stop } from "./flow";
import { Relax } from "./relax";
import type { Drafting } from "./use-draft";

export interface StepProps extends Drafting {
  readonly stop: Stop;
  readonly filled: Filled;
  readonly policy: Policy;
  readonly steps: readonly StepName[];
  /** Hash of the record that this one replaces. */
  readonly corrects: string | null;
  /** Why the driver could not go on, until it is mended. */
  readonly lack: Lack | null;
  readonly subtitle: string;
  readonly back: string | (() => void);
  readonly next: () => void;
  /** Past this step, whatever it lacks: the reason has just been recorded. */
  readonly leave: () => void;
  readonly onDone: () => void;
}

interface StepScreenProps
  extends Pick<StepProps, "subtitle" | "back" | "next" | "lack" | "leave" | "draft" | "change"> {
  readonly title: string;
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A step with "Next" below; what it lacks stands above the button, with the way past it. */
export function StepScreen(props: StepScreenProps) {
  const { title, subtitle, back, next, lack, more, children } = props;
  return (
    <Screen
      title={title}
      subtitle={subtitle}
      back={back}
      actions={
        <>
          {lack && <Lacking lack={lack} />}
          {lack && isMissing(lack) && <Relax {...props} method={lack} />}
          {more}
          <Button kind="primary" icon="next" data-testid="next" onClick={next}>
            {t("common.next")}
          </Button>
        </>
      }
    >
      {children}
    </Screen>
  );
}

const ABOUT_GOODS: ReadonlySet<Lack> = new Set(["lines_all", "lines_none", "reason", "dot"]);

/** What went wrong with the goods has no way past it; what proves it has. */
function isMissing(lack: Lack): lack is Missing {
  return !ABOUT_GOODS.has(lack);
}

function Lacking({ lack }: { lack: Lack }) {
  return (
    <div class="field">
      <p class="error" role="alert" data-testid={`lack-${lack}`}>
        <Icon name="stop" />
        <span>{t(`driver.lack_${lack}`)}</span>
      </p>
    </div>
  );
}
