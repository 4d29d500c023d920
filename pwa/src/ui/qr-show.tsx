import { t } from "../i18n";

export interface QrShowProps {
  /** Rows of `1` (dark) and `0` as the server gives them; or else the address of a picture. */
  matrix?: readonly string[];
  src?: string;
  /** What it is for; also read out. */
  label?: string;
}

/** A QR code to be read by another device: always dark on white, in both themes. */
export function QrShow({ matrix, src, label = t("ui.qrCode") }: QrShowProps) {
  return (
    <figure class="qr">
      {matrix ? <Modules matrix={matrix} label={label} /> : <img src={src} alt={label} />}
      <figcaption>{label}</figcaption>
    </figure>
  );
}

function Modules({ matrix, label }: { matrix: readonly string[]; label: string }) {
  const path = matrix
    .flatMap((row, y) => [...row].map((cell, x) => (cell === "1" ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg viewBox={`0 0 ${matrix.length} ${matrix.length}`} role="img" aria-label={label}>
      <path d={path} fill="#000000" shape-rendering="crispEdges" />
    </svg>
  );
}
