import { t } from "../../i18n";
import { Button, FullStop } from "../../ui";
import type { Bench } from "./bench";
import { type Stop, stillExpected, type Why } from "./pack";

const WORDS = {
  not_asked: ["packer.notAsked", "packer.notAskedMend"],
  too_many: ["packer.tooMany", "packer.tooManyMend"],
  not_an_item: ["packer.notAnItem", "packer.notAnItemMend"],
  apart: ["packer.apart", "packer.apartMend"],
  expired: ["floor.expired", "floor.expiredMend"],
  doubtful: ["floor.doubtful", "floor.doubtfulMend"],
  not_readable: ["floor.notReadable", "floor.notReadableMend"],
} as const satisfies Record<Why, readonly [string, string]>;

/** As many lines of the contents as can be read at a glance. */
const SHOWN = 3;

/** A piece that does not belong, or a code that says nothing sure. The next right scan clears it. */
export function BenchStop({ stop, bench }: { stop: Stop; bench: Bench }) {
  const [title, mend] = WORDS[stop.why];
  const reads = stop.why === "doubtful";
  // A blind count must not be told what to find.
  const told = bench.blind.value ? "–" : stillExpected(bench.lines.value, SHOWN);
  const expected = told || t("packer.expectedNothing");
  return (
    <div data-testid="stop" data-why={stop.why}>
      <FullStop
        title={t(title)}
        expected={expected}
        scanned={reads ? t("floor.reads", { value: stop.scanned }) : stop.scanned}
        mend={t(mend)}
        actions={
          reads && (
            <Button data-testid="label-right" onClick={() => void bench.labelIsRight()}>
              {t("floor.doubtfulYes")}
            </Button>
          )
        }
        onClose={() => bench.clear()}
      />
    </div>
  );
}
