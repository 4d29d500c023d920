import { useEffect, useState } from "preact/hooks";
import { explain, t } from "./i18n";
import { match, navigate, place, type ScreenFolder } from "./router";
import { scans } from "./scan/sources";
import { loadFolder, mayOpen } from "./screens";
import { connection, notSaved, now, oldestUnsent, person, role, unsent } from "./shell";
import { stopped } from "./sync/status";
import { Button, FullStop, Screen, StatusBar } from "./ui";
import { Announcer } from "./ui/announce";
import { Flash } from "./ui/flash";
import { ScanInput } from "./ui/scan-input";
import { Toasts } from "./ui/toast";
import { UpdateOffer } from "./ui/update-offer";

/** What stands on every screen: the state of the device above, the ears and the answers around. */
export function App() {
  // What one person scanned ahead must not book anything for the next.
  useEffect(() => () => scans.clear(), [person.value?.id]);
  return (
    <div class="shell">
      <div class="device-state">
        <StatusBar
          connection={connection.value}
          unsent={unsent.value}
          oldestUnsent={oldestUnsent.value}
          now={now.value}
        />
        {stopped.value && (
          <p role="alert" class="stopped">
            {explain(stopped.value.code)}
          </p>
        )}
      </div>
      <CurrentScreen />
      <ScanInput />
      <div class="news">
        <UpdateOffer />
        <Toasts />
      </div>
      <Flash />
      <Announcer />
      {notSaved.value && <FullStop title={t("common.notSaved")} mend={explain("not_saved")} />}
    </div>
  );
}

/** The folder at the root of the app: the person's work, or sign-in. */
function homeFolder(): string {
  return role.value ?? "auth";
}

function CurrentScreen() {
  const { folder, rest, query } = place.value;
  const name = folder || homeFolder();
  const loaded = useFolder(name);
  const mine = person.value?.roles ?? null;

  if (!mayOpen(name, mine)) return mine === null ? <SignInFirst /> : <Stop kind="notAllowed" />;
  if (loaded === "loading") return <Screen title={t("common.loading")} />;
  if (loaded === "failed") return <Stop kind="loadFailed" />;
  const found = loaded && match(loaded.routes, rest);
  if (!found) return <Stop kind="notFound" />;
  return <found.screen key={`${name}/${rest}`} params={found.params} query={query} />;
}

/** Sends a person who is not signed in to the sign-in screens, and keeps where they wanted to go. */
function SignInFirst() {
  useEffect(
    () => navigate(`/auth?next=${encodeURIComponent(location.hash)}`, { replace: true }),
    [],
  );
  return <Screen title={t("common.loading")} />;
}

type Loaded = ScreenFolder | "loading" | "failed" | undefined;

function useFolder(name: string): Loaded {
  const [state, setState] = useState<{ name: string; loaded: Loaded }>();
  useEffect(() => {
    let current = true;
    const settle = (loaded: Loaded) => current && setState({ name, loaded });
    const loading = loadFolder(name);
    if (loading) loading.then(settle, () => settle("failed"));
    else settle(undefined);
    return () => {
      current = false;
    };
  }, [name]);
  return state?.name === name ? state.loaded : "loading";
}

function Stop({ kind }: { kind: "notFound" | "notAllowed" | "loadFailed" }) {
  const again = () =>
    kind === "loadFailed" ? location.reload() : navigate("/", { replace: true });
  return (
    <Screen
      title={t(`common.${kind}Title`)}
      actions={
        <Button kind="primary" onClick={again}>
          {t(kind === "loadFailed" ? "common.retry" : "common.home")}
        </Button>
      }
    >
      <p>{t(`common.${kind}Hint`)}</p>
    </Screen>
  );
}
