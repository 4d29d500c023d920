import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { withSid } from "./ask";

const PREFIX = "sha256:";

/** The address of a blob's picture. */
export function blobPath(ref: string): string {
  return withSid(`/blobs/${ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : ref}`);
}

/** Photos in a row; each opens at full size. */
export function Photos({ refs }: { refs: readonly string[] }) {
  if (refs.length === 0) return null;
  return (
    <div class="photos">
      {refs.map((ref, index) => (
        <Photo key={ref} source={ref} number={index + 1} />
      ))}
    </div>
  );
}

/** A photo whose bytes are still on the device that took it says so. */
function Photo({ source, number }: { source: string; number: number }) {
  const [missing, setMissing] = useState(false);
  if (missing) return <p class="soft missing">{t("service.photoOnItsWay")}</p>;
  const path = blobPath(source);
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
