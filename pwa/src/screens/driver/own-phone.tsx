import { useState } from "preact/hooks";
import { formatTime, t } from "../../i18n";
import { handedOver } from "../../pod/record";
import { connection } from "../../shell";
import { Button, Dialog, Prompt, QrShow } from "../../ui";
import { ask } from "../desk/ask";
import type { StepProps } from "./step";

interface Link {
  readonly url: string;
  readonly expires: number;
  readonly qr: readonly string[];
}

/**
 * A code that opens the stop's page on the receiver's own phone. It needs a network on both; without
 * one the receiver signs here.
 */
export function OwnPhone({ stop, filled }: Pick<StepProps, "stop" | "filled">) {
  const [link, setLink] = useState<Link>();
  const [problem, setProblem] = useState<string>();
  const [open, setOpen] = useState(false);
  const show = async () => {
    setOpen(true);
    setProblem(undefined);
    const kept = stop.lines.map(line => [String(line.no), handedOver(line, filled)] as const);
    const delivered = Object.fromEntries(kept);
    const asked = await ask<Link>("/pod/sign-links", { stop: stop.id, delivered });
    if (asked.ok) setLink(asked.body);
    else setProblem(asked.words);
  };
  const { online } = connection.value;
  return (
    <>
      <Button data-testid="own-phone" disabled={!online} onClick={() => void show()}>
        {t(online ? "driver.ownPhone" : "driver.ownPhoneOffline")}
      </Button>
      {open && !stop.signed && (
        <Dialog
          title={t("driver.ownPhoneTitle")}
          onClose={() => setOpen(false)}
          actions={
            <Button kind="primary" data-testid="sign-here" onClick={() => setOpen(false)}>
              {t("driver.signHereInstead")}
            </Button>
          }
        >
          {problem && <Prompt icon="warn">{problem}</Prompt>}
          {link ? (
            <div data-testid="sign-link" data-url={link.url}>
              <QrShow matrix={link.qr} label={t("driver.ownPhoneScan")} />
              <p>{t("driver.linkUntil", { at: formatTime(link.expires) })}</p>
            </div>
          ) : (
            !problem && <p>{t("common.loading")}</p>
          )}
        </Dialog>
      )}
    </>
  );
}
