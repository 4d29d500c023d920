import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button } from "../../ui";
import { redraw } from "../../ui/photo";

const PDF = "application/pdf";
/** As the server takes it. */
const LARGEST = 12 * 1024 * 1024;

interface FileButtonProps {
  onFile: (bytes: ArrayBuffer, mime: string, name: string) => void | Promise<void>;
  onProblem: (words: string) => void;
}

/** A PDF as it is, or a picture drawn anew without what the camera wrote into it. */
export function FileButton({ onFile, onProblem }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      await read(file, onFile, onProblem);
    } catch {
      onProblem(t("papers.fileUnreadable"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept={`image/*,${PDF}`}
        tabIndex={-1}
        aria-label={t("papers.file")}
        onChange={event => {
          void take(event.currentTarget.files?.[0]);
          // The same file again must be a change again.
          event.currentTarget.value = "";
        }}
      />
      <Button disabled={busy} onClick={() => input.current?.click()}>
        {busy ? t("common.loading") : t("papers.chooseFile")}
      </Button>
    </>
  );
}

async function read(
  file: File,
  onFile: FileButtonProps["onFile"],
  onProblem: FileButtonProps["onProblem"],
): Promise<void> {
  if (file.type !== PDF) {
    const { bytes, type } = await redraw(file);
    return onFile(bytes, type, file.name);
  }
  if (file.size > LARGEST) return onProblem(t("papers.fileTooLarge"));
  return onFile(await file.arrayBuffer(), PDF, file.name);
}
