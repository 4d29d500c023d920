import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { type Missing, RELAXED } from "../../pod/policy";
import { Button, Choices, Dialog } from "../../ui";
import type { Drafting } from "./use-draft";

/** The way past what must be: only with a reason, which is recorded and judged by the server. */
export function Relax({ method, draft, change, leave }: RelaxProps) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const goOn = () => {
    setAsking(false);
    change({ relaxed: { ...draft.relaxed, [method]: reason ?? "" } });
    leave();
  };
  const reasons: readonly string[] = RELAXED[method];
  return (
    <>
      <Button data-testid={`relax-${method}`} onClick={() => setAsking(true)}>
        {t(`driver.without_${method}`)}
      </Button>
      {asking && (
        <Dialog
          title={t("driver.relaxTitle")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="primary" onClick={() => setAsking(false)}>
                {t("common.back")}
              </Button>
              <Button
                kind="danger"
                data-testid="relax-yes"
                disabled={reason === null}
                onClick={goOn}
              >
                {t("driver.relaxYes")}
              </Button>
            </>
          }
        >
          <p>{t("driver.relaxText")}</p>
          <Choices
            label={t("driver.reason")}
            value={reason}
            options={reasons.map(value => ({ value, label: relaxWord(value) }))}
            onChange={setReason}
          />
        </Dialog>
      )}
    </>
  );
}

interface RelaxProps extends Pick<Drafting, "draft" | "change"> {
  method: Missing;
  /** Goes to the next step. */
  leave: () => void;
}

export function relaxWord(reason: string): string {
  return t(`driver.relaxed_${reason as (typeof RELAXED)[Missing][number]}`);
}
