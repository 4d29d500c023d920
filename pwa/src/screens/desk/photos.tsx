import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { withSid } from "./ask";

const PREFIX = "sha256:";

/** The address of a blob's picture. */
export function blobPath(ref: string): string {
  return withSid(`/blobs/${ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : ref}`);
}

export interface KnownPhoto {
  ref: string;
  /** How far its bytes have come, where that is known. */
  state?: "missing" | "partial" | "complete" | "refused";
}

/** Photos in a row; each opens at full size. */
export function Photos({ photos }: { photos: readonly KnownPhoto[] }) {
  if (photos.length === 0) return null;
  return (
    <div class="photos">
      {photos.map((photo, index) => (
        // Keyed by its state too: what has arrived in the meantime is tried again.
        <Photo key={`${photo.ref}/${photo.state}`} photo={photo} number={index + 1} />
      ))}
    </div>
  );
}

/** A photo whose bytes are still on the device that took it says so. */
function Photo({ photo, number }: { photo: KnownPhoto; number: number }) {
  const [missing, setMissing] = useState(false);
  const { ref, state = "complete" } = photo;
  if (missing || state !== "complete") {
    const words = state === "refused" ? "service.unusable" : "service.photoOnItsWay";
    return <p class="soft missing">{t(words)}</p>;
  }
  const path = blobPath(ref);
  return (
    <a href={path} target="_blank" rel="noreferrer">
      <img
        src={path}
        alt={t("service.photo", { n: number })}
        loading="lazy"
        onError={() => setMissing(true)}
      />
    </a>
  );
}
