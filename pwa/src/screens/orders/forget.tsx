import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog } from "../../ui";
import { refusalWords } from "../desk/ask";

export interface ForgetProps {
  customer: string;
  name: string;
  onDone: () => void;
}

/** For a customer who wants to be forgotten: what notices hold of them goes for good. */
export function ForgetButton({ customer, name, onDone }: ForgetProps) {
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<string>();
  const go = async () => {
    const problem = refusalWords(await submit("notices.forget_customer", { customer }));
    setRefused(problem);
    if (problem) return;
    announce(t("notices.forgotten"));
    setAsking(false);
    onDone();
  };
  return (
    <div class="row">
      <Button data-testid="forget" onClick={() => setAsking(true)}>
        {t("notices.forget")}
      </Button>
      {asking && (
        <Dialog
          title={t("notices.forgetOf", { customer: name })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="danger" data-testid="forget-now" onClick={() => void go()}>
                {t("notices.forget")}
              </Button>
              <Button onClick={() => setAsking(false)}>{t("notices.cancel")}</Button>
            </>
          }
        >
          <div class="stack">
            {refused && <p role="alert">{refused}</p>}
            <p>{t("notices.forgetHint")}</p>
          </div>
        </Dialog>
      )}
    </div>
  );
}
