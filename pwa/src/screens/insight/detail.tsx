import { t } from "../../i18n";
import { Card } from "../../ui";
import { type Asked, address, path } from "./address";
import { BehindIt } from "./behind";
import { Chart } from "./chart";
import { Members } from "./members";
import type { Dashboard, Shown } from "./types";
import {
  dimensionWord,
  formulaOf,
  nameOf,
  targetWords,
  underValue,
  untoldWords,
  valueWords,
} from "./words";

interface DetailProps {
  what: Asked;
  board: Dashboard;
  shown: Shown;
}

/** One figure: over time, by whom or what, and the orders behind it. */
export function Detail({ what, board, shown }: DetailProps) {
  const dimensions = board.by_of[shown.key] ?? [];
  const of = dimensions.includes(what.of) ? what.of : (dimensions[0] ?? "");
  if (shown.lacks.length > 0)
    return (
      <Card>
        <p data-testid="untold">{untoldWords(shown)}</p>
        <p class="detail">{formulaOf(shown.key)}</p>
      </Card>
    );
  return (
    <>
      <Card>
        <div class="stack">
          <Value shown={shown} />
          <Chart shown={shown} starts={board.starts} by={what.by} />
        </div>
      </Card>
      {of && (
        <Card title={t("insight.apart")}>
          <div class="stack">
            <nav class="states" aria-label={t("insight.apart")}>
              {dimensions.map(dimension => (
                <a
                  key={dimension}
                  href={`#${address({ ...what, of: dimension })}`}
                  aria-current={dimension === of ? "true" : undefined}
                >
                  {dimensionWord(dimension)}
                </a>
              ))}
            </nav>
            <Members what={what} figure={shown.key} of={of} />
          </div>
        </Card>
      )}
      {board.behind.includes(shown.key) && (
        <Card title={t("insight.behind")}>
          <BehindIt key={path(what, "orders")} what={what} />
        </Card>
      )}
    </>
  );
}

function Value({ shown }: { shown: Shown }) {
  return (
    <div class="figure-tile insight-value">
      <p class="value" data-testid="figure-value">
        {valueWords(shown.key, shown.whole.value)}
      </p>
      <p>{[targetWords(shown), underValue(shown)].filter(Boolean).join(" · ")}</p>
      {shown.median !== null && shown.most !== null && (
        <p>
          {t("insight.quantiles", {
            half: valueWords(shown.key, shown.median),
            most: valueWords(shown.key, shown.most),
          })}
        </p>
      )}
      <p class="detail">
        {nameOf(shown.key)}: {formulaOf(shown.key)}
      </p>
    </div>
  );
}
