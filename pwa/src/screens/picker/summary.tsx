import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { Badge, Button, List, ListItem, Progress, Prompt, Screen } from "../../ui";
import { FinishButton } from "../floor/finish-button";
import { TrayButton } from "../floor/tray-button";
import { HOME } from "./places";
import { Undo } from "./undo-ask";
import type { Line } from "./walk";
import type { WalkProps } from "./walk-screen";
import { Asked } from "./zero-check";

/** The final check: every line picked or short with a reason; then the order moves on. */
export function Summary({ task, walker }: WalkProps) {
  const [undoing, setUndoing] = useState(false);
  const lines = walker.lines.value;
  useScans(() => feedback("wrong"));
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
          <FinishButton task={task} op="picking.finish_task" home={HOME} />
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
