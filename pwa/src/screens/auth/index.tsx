import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import type { RouteProps, Routes } from "../../router";
import { person } from "../../shell";
import { begun } from "../../start";
import { phase } from "../../sync";
import { Button, Screen } from "../../ui";
import { Enrol } from "./enrol";
import { goOn, SignIn } from "./signin";

/** The door: enrol the device once, then badge and PIN at each shift. */
function Door({ query }: RouteProps) {
  switch (phase.value) {
    case "starting":
      return <Loading />;
    case "other_tab":
      return <Told title={t("auth.otherTabTitle")} text={t("auth.otherTabHint")} />;
    case "failed":
      return <Failed />;
    case "running":
      if (person.value) return <Onward next={query.get("next")} />;
      return begun.value ? <SignIn next={query.get("next")} /> : <Loading />;
    default:
      return <Enrol code={query.get("code") ?? ""} cleared={phase.value === "cleared"} />;
  }
}

function Loading() {
  return <Screen title={t("common.loading")} />;
}

function Told({ title, text }: { title: string; text: string }) {
  return (
    <Screen title={title}>
      <p>{text}</p>
    </Screen>
  );
}

/** Who was at work when the app was loaded again goes on where they were. */
function Onward({ next }: { next: string | null }) {
  useEffect(() => goOn(next), []);
  return <Loading />;
}

/** An installed app has no button of the browser's to load it again. */
function Failed() {
  return (
    <Screen
      title={t("auth.failedTitle")}
      actions={
        <Button kind="primary" onClick={() => location.reload()}>
          {t("common.retry")}
        </Button>
      }
    >
      <p role="alert">{t("auth.failedHint")}</p>
    </Screen>
  );
}

export const routes: Routes = { "": Door };
