import { t } from "../../i18n";
import { handedOver } from "../../pod/record";
import { Button, Card } from "../../ui";
import type { Stop } from "./flow";
import { type StepProps, StepScreen } from "./step";

/** How many of each line the receiver keeps. */
export function LinesStep(props: StepProps) {
  const { stop, draft, filled, change } = props;
  const set = (no: number, qty: number) => change({ delivered: { ...draft.delivered, [no]: qty } });
  return (
    <StepScreen {...props} title={t("driver.linesTitle")}>
      {stop.lines.map(line => (
        <Card key={line.no}>
          <Line line={line} kept={handedOver(line, filled)} onChange={qty => set(line.no, qty)} />
        </Card>
      ))}
    </StepScreen>
  );
}

interface LineProps {
  line: Stop["lines"][number];
  kept: number;
  onChange: (qty: number) => void;
}

function Line({ line, kept, onChange }: LineProps) {
  const { sku, name, qty } = line;
  return (
    <div class="stack" data-testid={`line-${sku}`}>
      <div>
        <strong>{name}</strong>
        <div class="soft">{sku}</div>
      </div>
      <div class="driver-stepper">
        <Button
          label={t("driver.less", { sku })}
          data-testid={`less-${sku}`}
          disabled={kept <= 0}
          onClick={() => onChange(kept - 1)}
        >
          −
        </Button>
        <output aria-label={t("driver.accepted", { sku })} data-testid={`kept-${sku}`}>
          {kept} <small class="soft">{t("driver.ofPieces", { n: qty })}</small>
        </output>
        <Button
          label={t("driver.more", { sku })}
          disabled={kept >= qty}
          onClick={() => onChange(kept + 1)}
        >
          +
        </Button>
      </div>
    </div>
  );
}
