import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import { Badge, Button, List, ListItem, Progress, Prompt, Screen, toast } from "../../ui";
import { say } from "../../voice/speak";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import { HOME } from "./places";
import { Undo } from "./undo-ask";
import type { Line } from "./walk";
import type { WalkProps } from "./walk-screen";
import { Asked } from "./zero-check";

/** The final check: every line picked or short with a reason; then the order moves on. */
export function Summary({ task, walker }: WalkProps) {
  const [busy, setBusy] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const lines = walker.lines.value;
  useScans(() => feedback("wrong"));
  const finish = async () => {
    setBusy(true);
    const ok = await saved(() =>
      dispatch("picking.finish_task", { task: task.id, epoch: task.epoch }),
    );
    setBusy(false);
    if (!ok) return;
    feedback("done");
    toast(t("picker.finished", { title: task.title }), { tone: "right" });
    say(t("picker.finished", { title: task.title }));
    navigate(HOME, { replace: true });
  };
  return (
    <Screen
      title={task.title}
      back={HOME}
      trailing={<TrayButton />}
      actions={
        <>
          {walker.undoable && (
            <Button icon="undo" data-testid="undo" onClick={() => setUndoing(true)}>
              {t("picker.undoLast")}
            </Button>
          )}
          <Button kind="primary" icon="flag" data-testid="finish" disabled={busy} onClick={finish}>
            {t("picker.finish")}
          </Button>
        </>
      }
    >
      <Progress done={lines.length} total={lines.length} />
      <Prompt icon="check">{t("picker.summary")}</Prompt>
      <List label={t("picker.summary")}>
        {lines.map(line => (
          <Accounted
            key={line.no}
            line={line}
            rest={lines.some(({ instead_of }) => instead_of === line.no)}
          />
        ))}
      </List>
      <Asked walker={walker} />
      {undoing && <Undo walker={walker} onClose={() => setUndoing(false)} />}
    </Screen>
  );
}

/** `rest`: what it lacks was fetched elsewhere, and stands as a line of its own. */
function Accounted({ line, rest }: { line: Line; rest: boolean }) {
  const short = line.state === "short";
  return (
    <ListItem
      title={line.name}
      detail={[
        line.bin,
        t("picker.shortOf", { picked: line.picked, qty: line.qty }),
        ...(rest ? [t("picker.restElsewhere")] : []),
      ].join(" · ")}
      trailing={
        <Badge tone={short ? "warn" : "right"}>{t(short ? "picker.short" : "picker.picked")}</Badge>
      }
    />
  );
}
