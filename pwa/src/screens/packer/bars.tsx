import { t } from "../../i18n";
import { code128Widths, isSscc, ssccWidths } from "./code128";

/** Modules of white that the standard asks for on either side. */
const QUIET = 10;
const HEIGHT = 40;

/** A number as GS1-128 if it is an SSCC, else as Code 128; its size on paper is the style sheet's. */
export function Bars({ text }: { text: string }) {
  const widths = isSscc(text) ? ssccWidths(text) : code128Widths(text);
  return <Drawn widths={widths} label={t("packer.barcodeOf", { parcel: text })} />;
}

/** Bars that the server worked out: `modules` of 0 and 1, beginning with a bar. */
export function ModuleBars({ modules, label }: { modules: string; label: string }) {
  const widths = (modules.match(/1+|0+/g) ?? []).map(run => run.length);
  return <Drawn widths={widths} label={label} />;
}

function Drawn({ widths, label }: { widths: readonly number[]; label: string }) {
  let x = QUIET;
  const bars: string[] = [];
  for (const [i, width] of widths.entries()) {
    if (i % 2 === 0) bars.push(`M${x} 0h${width}v${HEIGHT}h-${width}z`);
    x += width;
  }
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${x + QUIET} ${HEIGHT}`}
      preserveAspectRatio="none"
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={bars.join("")} />
    </svg>
  );
}
