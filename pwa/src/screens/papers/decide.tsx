import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { OpArgs } from "../../kernel/contract";
import { submit } from "../../sync";
import { Button, Dialog, Field } from "../../ui";
import { refusalWords } from "../desk/ask";

type Said =
  | readonly ["pod.waive_paper", OpArgs["pod.waive_paper"]]
  | readonly ["pod.withdraw_paper", OpArgs["pod.withdraw_paper"]];

interface DecideProps {
  title: string;
  hint: string;
  action: string;
  say: (reason: string) => Said;
  onDone: () => void;
  onClose: () => void;
}

/** A decision that stands in the order's story with its reason. */
export function Decide({ title, hint, action, say, onDone, onClose }: DecideProps) {
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    const [name, body] = say(reason.trim());
    const problem = refusalWords(await submit(name, body));
    setRefused(problem);
    if (problem) return;
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="decide"
            disabled={reason.trim() === ""}
            onClick={() => void go()}
          >
            {action}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{hint}</p>
      <Field
        label={t("papers.reason")}
        value={reason}
        onInput={setReason}
        maxLength={300}
        error={refused}
        name="reason"
        required
      />
    </Dialog>
  );
}
