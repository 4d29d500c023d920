import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Button, Dialog } from "../../ui";
import { blobPath } from "./photos";

/** The photos of a case; a tap shows one as large as the screen, where the arrows leaf. */
export function EnlargedPhotos({ refs }: { refs: readonly string[] }) {
  const [open, setOpen] = useState<number | null>(null);
  if (refs.length === 0) return null;
  return (
    <>
      <div class="photos">
        {refs.map((ref, at) => (
          <Thumb key={ref} photo={ref} number={at + 1} onOpen={() => setOpen(at)} />
        ))}
      </div>
      {open !== null && (
        <Enlarged refs={refs} at={open} onTurn={setOpen} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface ThumbProps {
  photo: string;
  number: number;
  onOpen: () => void;
}

function Thumb({ photo, number, onOpen }: ThumbProps) {
  return (
    <button
      type="button"
      class="thumb"
      aria-label={t("exceptions.enlarge", { n: number })}
      onClick={onOpen}
    >
      <Picture photo={photo} alt={t("service.photo", { n: number })} />
    </button>
  );
}

const AGAIN_MS = 2_000;

/** Bytes that are still on the device that took it are asked for again until they are here. */
function Picture({ photo, alt, look }: { photo: string; alt: string; look?: string }) {
  const [tries, setTries] = useState(0);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (!missing) return;
    const timer = setTimeout(() => setTries(tries + 1), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [missing, tries]);
  return (
    <>
      {missing && <span class="soft missing">{t("service.photoOnItsWay")}</span>}
      <img
        key={tries}
        class={look}
        src={blobPath(photo)}
        alt={alt}
        hidden={missing}
        onLoad={() => setMissing(false)}
        onError={() => setMissing(true)}
      />
    </>
  );
}

interface EnlargedProps {
  refs: readonly string[];
  at: number;
  onTurn: (at: number) => void;
  onClose: () => void;
}

function Enlarged({ refs, at, onTurn, onClose }: EnlargedProps) {
  const total = refs.length;
  const title = t("exceptions.photoOf", { n: at + 1, total });
  const turn = (by: number) => onTurn((at + by + total) % total);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows also work from its buttons.
    <div class="enlarging" onKeyDown={keys}>
      <Dialog
        title={title}
        onClose={onClose}
        actions={
          <>
            {total > 1 && (
              <>
                <Button onClick={() => turn(-1)}>{t("exceptions.previous")}</Button>
                <Button onClick={() => turn(1)}>{t("exceptions.following")}</Button>
              </>
            )}
            <Button kind="primary" onClick={onClose}>
              {t("common.close")}
            </Button>
          </>
        }
      >
        <Picture key={at} photo={refs[at] ?? ""} alt={title} look="enlarged" />
      </Dialog>
    </div>
  );
}
