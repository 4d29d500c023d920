import { language } from "../../i18n";
import { withSid } from "../desk/ask";

/** A link to a document, in the reader's language. */
export function Paper({ path, children }: { path: string; children: string }) {
  return (
    <a href={withSid(`${path}?lang=${language.value}`)} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
