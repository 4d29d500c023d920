import { useEffect, useRef } from "preact/hooks";
import { explain, t } from "../i18n";
import { CATCHER, isTextField, listenForScans } from "../scan/listen";
import { scans } from "../scan/sources";
import { isWhole } from "../scan/whole";
import { settings } from "../settings";
import { toast } from "./toast";

/** The shell's ear for scanners: the document's keys, and a hidden field for data wedges that insert text. */
export function ScanInput() {
  const catcher = useRef<HTMLInputElement>(null);
  const suffix = settings.suffix.value;
  const gsSubstitute = settings.gsSubstitute.value;

  useEffect(
    () =>
      listenForScans(raw => scans.offer({ raw, source: "wedge", at: Date.now() }), {
        suffix,
        isWhole,
        onFragment: () => toast(explain("scan_unfinished"), { tone: "warn" }),
        ...(gsSubstitute && { gsSubstitute }),
      }),
    [suffix, gsSubstitute],
  );
  const catches = settings.catcher.value;
  useEffect(() => (catches ? keepFocused(catcher.current) : undefined), [catches]);

  return (
    <section aria-label={t("ui.scannerInput")}>
      <input
        ref={catcher}
        class="catcher"
        {...{ [CATCHER]: "" }}
        inputMode="none"
        tabIndex={-1}
        autocomplete="off"
        aria-label={t("ui.scannerInput")}
      />
    </section>
  );
}

/** On touch devices the field has the focus whenever nothing else needs it; a desk keeps its own. */
function keepFocused(catcher: HTMLInputElement | null): (() => void) | undefined {
  if (!catcher || !matchMedia("(pointer: coarse)").matches) return undefined;
  const focus = () => {
    if (!isTextField(document.activeElement)) catcher.focus({ preventScroll: true });
  };
  focus();
  document.addEventListener("click", focus);
  return () => document.removeEventListener("click", focus);
}
