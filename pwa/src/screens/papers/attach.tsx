import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { dispatch, NotSaved, type PreparedBlob, prepareBlob } from "../../sync";
import { Button, Dialog, Field, Icon, toast } from "../../ui";
import { FileButton } from "./file-button";
import { paperWord } from "./words";

interface AttachProps {
  order: string;
  paper: string;
  onClose: () => void;
}

/** A paper that others made, with the number that stands on it. It is kept here until it is sent. */
export function Attach({ order, paper, onClose }: AttachProps) {
  const [file, setFile] = useState<{ name: string; blob: PreparedBlob }>();
  const [number, setNumber] = useState("");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    if (!file) return setProblem(t("papers.fileNeeded"));
    const said = { number: number.trim(), note: note.trim(), blob: file.blob.ref };
    try {
      await dispatch("pod.attach_paper", { order, paper, ...said }, [file.blob]);
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      return setProblem(t("papers.noRoom"));
    }
    toast(t("papers.attached"));
    onClose();
  };
  const take = async (bytes: ArrayBuffer, mime: string, name: string) => {
    setProblem(undefined);
    setFile({ name, blob: await prepareBlob(bytes, mime, "photo") });
  };
  return (
    <Dialog
      title={t("papers.attachTitle", { paper: paperWord(paper) })}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" data-testid="attach-save" onClick={() => void save()}>
            {t("papers.attach")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <FileButton onFile={take} onProblem={setProblem} />
        {file && <p data-testid="file">{file.name}</p>}
        {problem && (
          <p class="error" role="alert">
            <Icon name="stop" />
            <span>{problem}</span>
          </p>
        )}
        <Field
          label={t("papers.number")}
          value={number}
          onInput={setNumber}
          maxLength={64}
          name="number"
        />
        <Field
          label={t("papers.note")}
          value={note}
          onInput={setNote}
          maxLength={300}
          name="note"
        />
      </div>
    </Dialog>
  );
}
