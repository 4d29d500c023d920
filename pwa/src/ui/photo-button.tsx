import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { announce } from "./announce";
import { Button } from "./button";
import { type Photo, redraw } from "./photo";
import { toast } from "./toast";

export interface PhotoButtonProps {
  onPhoto: (photo: Photo) => void | Promise<void>;
  label?: string;
  disabled?: boolean;
}

/** Opens the device's own camera; what comes back is drawn anew and handed over as bytes. */
export function PhotoButton({ onPhoto, label, disabled = false }: PhotoButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);

  async function take(file: File | undefined) {
    if (!file) return;
    setBusy(true);
    try {
      await onPhoto(await redraw(file));
    } catch {
      toast(t("ui.photoFailed"), { tone: "wrong" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        aria-label={label ?? t("ui.takePhoto")}
        onChange={event => {
          void take(event.currentTarget.files?.[0]);
          // The same file again must be a change again.
          event.currentTarget.value = "";
        }}
      />
      <Button icon="camera" disabled={disabled || busy} onClick={() => input.current?.click()}>
        {busy ? t("common.loading") : (label ?? t("ui.takePhoto"))}
      </Button>
    </>
  );
}

/** Small pictures of the photos taken so far. */
export function PhotoStrip({ photos }: { photos: readonly Photo[] }) {
  useEffect(() => {
    if (photos.length > 0) announce(t("ui.photoCount", { n: photos.length }));
  }, [photos.length]);
  if (photos.length === 0) return null;
  return (
    <div class="photo-strip">
      {photos.map((photo, index) => (
        <Thumbnail key={index} photo={photo} />
      ))}
    </div>
  );
}

function Thumbnail({ photo }: { photo: Photo }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return <img src={url} alt="" />;
}
