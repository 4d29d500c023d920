import { t } from "../../i18n";
import type { TaskRow } from "../../kernel/contract";
import { submit, useRow } from "../../sync";
import { Button, Dialog, toast } from "../../ui";
import { refusalWords } from "../desk/ask";
import { COMMANDS, type Command, fits } from "./commands";
import { commandWords } from "./words";

interface MenuProps {
  tasks: readonly TaskRow[];
  onCommand: (command: Command) => void;
  onHoldOrder: () => void;
  onClose: () => void;
}

/** Everything that may be done to these tasks, in large buttons. */
export function Menu({ tasks, onCommand, onHoldOrder, onClose }: MenuProps) {
  const [first] = tasks;
  const only = tasks.length === 1 ? first : undefined;
  return (
    <Dialog
      title={
        only
          ? t("acting.menuOf", { task: only.title })
          : t("acting.menuOfMany", { n: tasks.length })
      }
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      <div class="act-menu">
        {COMMANDS.filter(command => fits(command, tasks)).map(command => (
          <Button key={command.what} onClick={() => onCommand(command)}>
            {commandWords(command.what)}
          </Button>
        ))}
        {only && <OrderHold task={only} onAsk={onHoldOrder} onClose={onClose} />}
      </div>
    </Dialog>
  );
}

/** Only a task of one order has an order to hold; of a cart's orders each is held on its own. */
function OrderHold(props: { task: TaskRow; onAsk: () => void; onClose: () => void }) {
  const order = useRow("order", props.task.ref);
  if (!order) return null;
  if (order.state !== "hold") return <Button onClick={props.onAsk}>{t("supervisor.hold")}</Button>;
  const letGo = async () => {
    props.onClose();
    const problem = refusalWords(await submit("orders.resume_order", { order: order.id }));
    const words = problem ?? t("supervisor.changed", { task: props.task.title });
    toast(words, { tone: problem ? "wrong" : "right" });
  };
  return <Button onClick={() => void letGo()}>{t("supervisor.letGo")}</Button>;
}
