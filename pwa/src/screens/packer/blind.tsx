import { t } from "../../i18n";
import { wanted } from "../../packing/bench-plan";
import { Badge, Button, List, ListItem, Prompt, Screen } from "../../ui";
import type { Bench } from "./bench";

/** The count is over: only now is told what does not agree. */
export function Differences({ bench, onDone }: { bench: Bench; onDone: () => void }) {
  const off = bench.lines.value.filter(line => line.packed !== wanted(line));
  return (
    <Screen
      title={t("packer.differs")}
      back={onDone}
      actions={
        <Button kind="primary" data-testid="differs-seen" onClick={onDone}>
          {t("common.next")}
        </Button>
      }
    >
      <Prompt icon="warn">{t("packer.differsMend")}</Prompt>
      <div data-testid="differences">
        <List label={t("packer.differs")} empty={t("packer.allIn")}>
          {off.map(line => (
            <ListItem
              key={line.no}
              title={line.name}
              detail={t("packer.differsOf", { counted: line.packed, n: wanted(line) })}
              trailing={<Badge tone="warn">{words(line.packed - wanted(line))}</Badge>}
            />
          ))}
        </List>
      </div>
    </Screen>
  );
}

function words(off: number): string {
  return off > 0 ? t("packer.differsOver", { n: off }) : t("packer.differsLack", { n: -off });
}
