import { language, t } from "../../i18n";
import { Button, toast } from "../../ui";

/** The customer's page: to look at, and to copy into a message. */
export function TrackLink({ path }: { path: string }) {
  const url = new URL(path, location.href).href;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      toast(t("service.trackCopied"));
    } catch {
      toast(t("service.trackNotCopied"));
    }
  };
  return (
    <span class="row">
      <a href={`${path}?lang=${language.value}`} target="_blank" rel="noreferrer">
        {t("service.trackOpen")}
      </a>
      <Button onClick={() => void copy()}>{t("service.trackCopy")}</Button>
    </span>
  );
}
