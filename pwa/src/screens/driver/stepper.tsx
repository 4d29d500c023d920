import "./stepper.css";
import { t } from "../../i18n";
import { Button } from "../../ui";

interface StepperProps {
  sku: string;
  value: number;
  /** As many as there should be. */
  most: number;
  /** As many as may be counted, where that is more. */
  limit?: number;
  label: string;
  testId: string;
  onChange: (value: number) => void;
}

/** Pieces of a line, one more or one less with a thumb. */
export function Stepper(props: StepperProps) {
  const { sku, value, most, limit = most, label, testId, onChange } = props;
  return (
    <div class="stepper">
      <Button
        label={t("driver.less", { sku })}
        data-testid={`less-${sku}`}
        disabled={value <= 0}
        onClick={() => onChange(value - 1)}
      >
        −
      </Button>
      <output aria-label={label} data-testid={`${testId}-${sku}`}>
        {value} <small class="soft">{t("driver.ofPieces", { n: most })}</small>
      </output>
      <Button
        label={t("driver.more", { sku })}
        data-testid={`more-${sku}`}
        disabled={value >= limit}
        onClick={() => onChange(value + 1)}
      >
        +
      </Button>
    </div>
  );
}
