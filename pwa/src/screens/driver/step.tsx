import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import type { Policy } from "../../pod/policy";
import { Button, Icon, Screen } from "../../ui";
import type { Filled, Lack, Stop } from "./flow";
import type { Drafting } from "./use-draft";

export interface StepProps extends Drafting {
  readonly stop: Stop;
  readonly filled: Filled;
  readonly policy: Policy;
  /** Why the driver could not go on, until it is mended. */
  readonly lack: Lack | null;
  readonly subtitle: string;
  readonly back: string | (() => void);
  readonly next: () => void;
}

interface StepScreenProps extends Pick<StepProps, "subtitle" | "back" | "next" | "lack"> {
  readonly title: string;
  readonly more?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A step with "Next" below; what it lacks stands above the button. */
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
