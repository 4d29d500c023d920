import { t } from "../../i18n";
import { Badge, BigInstruction } from "../../ui";
import { packWords } from "../floor/pack-words";
import type { Line, Position } from "./walk";
import "../floor/floor.css";

/** Where, what and how many of one line. */
export function Instruction({ line, at }: { line: Line; at: Position }) {
  return (
    <div data-testid={at.step}>
      <BigInstruction
        where={line.bin}
        whereDetail={t(line.side === "R" ? "picker.sideRight" : "picker.side", {
          level: line.level,
        })}
        what={line.name}
        whatDetail={<WhatDetail line={line} />}
        quantity={line.qty}
        counted={at.counted}
        unit={t("picker.pieces")}
        step={shownStep(at)}
      />
    </div>
  );
}

/** Lot, expiry and number belong to the item. */
function shownStep({ step }: Position): "where" | "what" | "quantity" {
  return step === "where" || step === "quantity" ? step : "what";
}

function WhatDetail({ line }: { line: Line }) {
  return (
    <span class="what-detail">
      <span class="code">{line.sku}</span>
      {line.lot && <strong>{t("floor.lotOf", { lot: line.lot })}</strong>}
      {line.held && <Badge tone="wrong">{t("floor.lotHeldWhy", { why: line.held })}</Badge>}
      {line.expiry && <span>{t("floor.goodUntil", { date: line.expiry })}</span>}
      {packWords(line.qty, line) && <span>{packWords(line.qty, line)}</span>}
      {line.waits && <Badge tone="warn">{t("picker.waitsFor")}</Badge>}
      {line.weight_class === "heavy" && <Badge tone="info">{t("picker.heavy")}</Badge>}
      {line.weight_class === "fragile" && <Badge tone="warn">{t("picker.fragile")}</Badge>}
    </span>
  );
}
