import { formatNumber, t } from "../../i18n";
import type { RunRow, StopStateRow } from "../../kernel/contract";
import { submit } from "../../sync";
import { announce, Button, toast } from "../../ui";
import { refusalWords } from "../desk/ask";

export interface StopMovesProps {
  stop: StopStateRow;
  /** The stops of its run that are still ahead, in order. */
  ahead: readonly StopStateRow[];
  /** Where else it may go. */
  runs: readonly RunRow[];
}

/** Earlier, later, or onto another van, by buttons that a keyboard reaches as well. */
export function StopMoves({ stop, ahead, runs }: StopMovesProps) {
  const at = ahead.findIndex(each => each.id === stop.id);
  const others = runs.filter(
    run => run.id !== stop.run && (run.state === "planned" || run.state === "loading"),
  );
  const label = { order: stop.order_number };
  const go = (before: StopStateRow | undefined, run = stop.run) => void move(stop, run, before);
  return (
    <span class="row-actions">
      {at > 0 && (
        <Button icon="up" label={t("runs.earlier", label)} onClick={() => go(ahead[at - 1])}>
          {""}
        </Button>
      )}
      {at < ahead.length - 1 && (
        <Button icon="down" label={t("runs.later", label)} onClick={() => go(ahead[at + 2])}>
          {""}
        </Button>
      )}
      {others.length > 0 && !stop.loaded && (
        <span class="assign">
          <select
            aria-label={t("runs.toRun", label)}
            data-testid={`to-run-${stop.order_number}`}
            value=""
            onChange={event => go(undefined, event.currentTarget.value)}
          >
            <option value="">{t("runs.stays")}</option>
            {others.map(run => (
              <option key={run.id} value={run.id}>
                {t("supervisor.runTitle", { number: formatNumber(run.number) })}
              </option>
            ))}
          </select>
        </span>
      )}
    </span>
  );
}

async function move(
  stop: StopStateRow,
  run: string,
  before: StopStateRow | undefined,
): Promise<void> {
  if (run === "") return;
  const to = { stop: stop.id, run, ...(before && { before: before.id }) };
  const problem = refusalWords(await submit("pod.move_stop", to));
  const said = problem ?? t("runs.movedTo", { order: stop.order_number });
  announce(said);
  if (problem) toast(problem, { tone: "wrong" });
}
