import { t } from "../../i18n";
import type { TaskRow } from "../../kernel/contract";
import { Button } from "../../ui";
import { COMMANDS, type Command, fits } from "./commands";
import { commandWords } from "./words";

interface SelectBarProps {
  chosen: readonly TaskRow[];
  /** How many rows match the filter. */
  matching: number;
  onAll: () => void;
  onNone: () => void;
  onAuto: () => void;
  onHelp: () => void;
  onCommand: (command: Command) => void;
}

/** What may be done to the selected tasks; it stays in sight while there are any. */
export function SelectBar(props: SelectBarProps) {
  const { chosen, matching } = props;
  const some = chosen.length > 0;
  return (
    <fieldset class={some ? "select-bar some" : "select-bar"} aria-label={t("acting.menu")}>
      <span class="count" role="status">
        {some ? t("acting.selected", { n: chosen.length }) : ""}
      </span>
      <Button onClick={props.onAll} disabled={matching === 0 || chosen.length === matching}>
        {t("acting.selectAll", { n: matching })}
      </Button>
      {some && <Button onClick={props.onNone}>{t("acting.clear")}</Button>}
      {some &&
        COMMANDS.filter(command => fits(command, chosen)).map(command => (
          <Button key={command.what} onClick={() => props.onCommand(command)}>
            {commandWords(command.what)}
          </Button>
        ))}
      <Button onClick={props.onAuto} disabled={matching === 0}>
        {t("acting.auto")}
      </Button>
      <Button icon="keys" onClick={props.onHelp}>
        {t("acting.keys")}
      </Button>
    </fieldset>
  );
}
