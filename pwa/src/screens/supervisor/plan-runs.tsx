import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { submit, useRow } from "../../sync";
import { announce, Button, Dialog, Switch } from "../../ui";
import { refusalWords } from "../desk/ask";

/** Puts what is packed onto vans, in an order that the supervisor then decides on. */
export function PlanRuns({ onClose }: { onClose: () => void }) {
  const vans = useVans();
  const [left, setLeft] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const chosen = vans.filter(name => !left.includes(name));
  const toggle = (name: string) =>
    setLeft(left.includes(name) ? left.filter(each => each !== name) : [...left, name]);
  const go = async () => {
    setBusy(true);
    const refused = refusalWords(await submit("pod.plan_runs", { vehicles: chosen }));
    setBusy(false);
    setProblem(refused);
    if (refused) return;
    announce(t("runs.planning"));
    onClose();
    navigate("/supervisor/runs");
  };
  const none = vans.length > 0 && chosen.length === 0;
  return (
    <Dialog
      title={t("runs.plan")}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="plan-runs"
            onClick={() => void go()}
            disabled={busy || none}
          >
            {t("supervisor.plan")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <p>{t("runs.planHint")}</p>
      {vans.length === 0 && <p class="soft">{t("runs.allVans")}</p>}
      {vans.map(name => (
        <Switch
          key={name}
          label={name}
          checked={!left.includes(name)}
          onChange={() => toggle(name)}
        />
      ))}
      {(problem || none) && <p role="alert">{problem ?? t("runs.noVan")}</p>}
    </Dialog>
  );
}

/** The vans that the site's setting names; none: the server knows. */
function useVans(): readonly string[] {
  const value: unknown = useRow("setting", "runs")?.value;
  const vans = (value as { vehicles?: readonly { name?: unknown }[] } | undefined)?.vehicles;
  if (!Array.isArray(vans)) return [];
  return vans.map(({ name }) => name).filter(name => typeof name === "string");
}
