import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Dialog, Field } from "../../ui";

export interface ReasonDialogProps {
  title: string;
  /** What the button that does it says. */
  action: string;
  /** Gives what refused it in words, or nothing: then the dialog has done its work. */
  onGo: (reason: string) => Promise<string | undefined>;
  onClose: () => void;
  /** What is asked for, if it is no reason. */
  label?: string;
  maxLength?: number;
  /** What follows from it. */
  children: ComponentChildren;
}

/** Asks why before something is done that others will ask about. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, action, onGo, onClose, children, maxLength = 120 } = props;
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    const problem = await onGo(reason.trim());
    setRefused(problem);
    if (!problem) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={reason.trim() === ""} onClick={() => void go()}>
            {action}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{children}</p>
      <Field
        label={props.label ?? t("supervisor.reason")}
        value={reason}
        onInput={setReason}
        maxLength={maxLength}
        error={refused}
        name="reason"
      />
    </Dialog>
  );
}
