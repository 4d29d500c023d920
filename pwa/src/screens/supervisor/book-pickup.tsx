import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { now } from "../../shell";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field } from "../../ui";
import { refusalWords } from "../desk/ask";
import { localInput, type ToFetch } from "./consigning";

const HOUR_MS = 3_600_000;

/** When the carrier may come for everything that waits for it. */
export function BookPickup({ what, onClose }: { what: ToFetch; onClose: () => void }) {
  const [from, setFrom] = useState(localInput(now.peek() + HOUR_MS));
  const [until, setUntil] = useState(localInput(now.peek() + 3 * HOUR_MS));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [opens_at, closes_at] = [from, until].map(each => new Date(each).getTime()) as [
    number,
    number,
  ];
  const valid = opens_at < closes_at && closes_at > now.peek();
  const go = async () => {
    setBusy(true);
    const asked = { carrier: what.carrier, opens_at, closes_at };
    const words = refusalWords(await submit("pod.book_pickup", asked));
    setBusy(false);
    setProblem(words);
    if (words) return;
    announce(t("carriers.bookedDone"));
    onClose();
  };
  return (
    <Dialog
      title={t("carriers.bookOf", { carrier: what.name })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="book-now"
            disabled={busy || !valid}
            onClick={() => void go()}
          >
            {t("carriers.book")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <p>{t("carriers.bookHint", { carrier: what.name, n: what.waybills })}</p>
        <Field
          label={t("carriers.from")}
          type="datetime-local"
          value={from}
          onInput={setFrom}
          name="from"
        />
        <Field
          label={t("carriers.until")}
          type="datetime-local"
          value={until}
          onInput={setUntil}
          error={valid ? problem : t("carriers.windowWrong")}
          name="until"
        />
      </div>
    </Dialog>
  );
}
