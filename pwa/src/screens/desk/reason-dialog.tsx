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
  /** What follows from it. */
  children: ComponentChildren;
}

/** Asks why before something is done that others will ask about. */
export function ReasonDialog({ title, action, onGo, onClose, children }: ReasonDialogProps) {
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
        label={t("supervisor.reason")}
        value={reason}
        onInput={setReason}
        maxLength={120}
        error={refused}
        name="reason"
      />
    </Dialog>
  );
}
