import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Choices, Dialog, Field } from "../../ui";
import { read, refusalWords } from "./ask";
import type { CaseStory, KnownCase } from "./case-types";
import { CAUSES, type Cause } from "./cases";
import { KnownList } from "./known-list";
import { causeWords, problemWords } from "./words";

/** More would push the buttons out of sight; the case itself shows them all. */
const OFFERED = 3;

interface SettleCaseProps {
  story: CaseStory;
  onDone: () => void;
  onClose: () => void;
}

/** What was done and why it came to this; words that helped before are one tap away. */
export function SettleCase({ story, onDone, onClose }: SettleCaseProps) {
  const [note, setNote] = useState("");
  const [cause, setCause] = useState<Cause | null>(null);
  const [reused, setReused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const known = useOffered(story, cause);
  const { id, rev, kind } = story.case;
  const reuse = (past: KnownCase) => {
    setNote(past.note);
    setReused(past.id);
    const found = CAUSES.find(each => each === past.cause);
    if (found) setCause(found);
    announce(past.note);
  };
  const go = async () => {
    if (note.trim() === "") return setRefused(t("exceptions.resolutionNeeded"));
    if (cause === null) return setRefused(t("exceptions.causeNeeded"));
    setBusy(true);
    const body = { case: id, expects: rev, note: note.trim(), cause, reused };
    const words = refusalWords(await submit("exceptions.settle_case", body));
    setBusy(false);
    setRefused(words);
    if (words) return;
    announce(t("exceptions.settled"));
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={t("exceptions.settle")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={() => void go()} disabled={busy}>
            {t("exceptions.settle")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{problemWords(kind)}</p>
      <Field
        label={t("exceptions.resolution")}
        hint={t("exceptions.resolutionHint")}
        multiline
        value={note}
        onInput={setNote}
        maxLength={500}
        error={refused}
        name="note"
      />
      <p class="section-title">{t("exceptions.cause")}</p>
      <Choices
        label={t("exceptions.cause")}
        value={cause}
        onChange={setCause}
        options={CAUSES.map(value => ({ value, label: causeWords(value) }))}
      />
      {known.length > 0 && (
        <section class="stack" aria-label={t("exceptions.offered")}>
          <p class="section-title">{t("exceptions.offered")}</p>
          <KnownList known={known.slice(0, OFFERED)} onReuse={reuse} />
        </section>
      )}
    </Dialog>
  );
}

/** With the cause known, those that had the same one stand higher. */
function useOffered({ case: { id }, known }: CaseStory, cause: Cause | null) {
  const [found, setFound] = useState(known);
  useEffect(() => {
    if (cause === null) return;
    let current = true;
    const path = `/api/exceptions/${encodeURIComponent(id)}?cause=${cause}`;
    void read<CaseStory>(path).then(got => current && got.ok && setFound(got.body.known));
    return () => {
      current = false;
    };
  }, [id, cause]);
  return found;
}
