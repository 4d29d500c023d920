import { useState } from "preact/hooks";
import { t } from "../i18n";
import { scans } from "../scan/sources";
import { Button } from "./button";
import { CameraScanner } from "./camera-scanner";
import { Dialog } from "./dialog";
import { Field } from "./field";

/** For a label that no scanner reads: type the code or the check digits, or use the camera. */
export function ManualEntry({ hint }: { hint?: string }) {
  const [open, setOpen] = useState<"type" | "camera" | null>(null);
  const close = () => setOpen(null);
  return (
    <div class="pair">
      <Button icon="keys" onClick={() => setOpen("type")}>
        {t("ui.typeCode")}
      </Button>
      <Button icon="camera" label={t("ui.cameraScan")} onClick={() => setOpen("camera")}>
        {t("ui.camera")}
      </Button>
      {open === "type" && <TypeDialog hint={hint} onClose={close} />}
      {open === "camera" && <CameraDialog onClose={close} />}
    </div>
  );
}

function TypeDialog({ hint, onClose }: { hint: string | undefined; onClose: () => void }) {
  const [code, setCode] = useState("");
  const use = () => {
    if (code.trim() === "") return;
    scans.offer({ raw: code.trim(), source: "manual", at: Date.now() });
    onClose();
  };
  return (
    <Dialog
      title={t("ui.typeCode")}
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={code.trim() === ""} onClick={use}>
            {t("ui.useCode")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          use();
        }}
      >
        <Field label={t("ui.codeLabel")} value={code} onInput={setCode} {...(hint && { hint })} />
      </form>
    </Dialog>
  );
}

function CameraDialog({ onClose }: { onClose: () => void }) {
  const take = (raw: string, symbology: string) => {
    scans.offer({ raw: symbology + raw, source: "camera", at: Date.now() });
    onClose();
  };
  return (
    <Dialog
      title={t("ui.cameraScan")}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      <CameraScanner onScan={take} />
    </Dialog>
  );
}
