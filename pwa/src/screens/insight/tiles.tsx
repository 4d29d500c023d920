import { t } from "../../i18n";
import { Card } from "../../ui";
import { type Asked, address } from "./address";
import type { Dashboard, Shown } from "./types";
import {
  formulaOf,
  isMet,
  nameOf,
  targetWords,
  underValue,
  untoldWords,
  valueWords,
} from "./words";

/** Every figure with its formula and its target; each leads to what is behind it. */
export function Tiles({ what, board }: { what: Asked; board: Dashboard }) {
  const told = board.figures.filter(({ lacks }) => lacks.length === 0);
  return (
    <>
      <div class="grid insight-tiles" data-testid="figures">
        {told.map(shown => (
          <Tile key={shown.key} what={what} shown={shown} />
        ))}
      </div>
      <Untold figures={board.figures.filter(({ lacks }) => lacks.length > 0)} />
    </>
  );
}

function Tile({ what, shown }: { what: Asked; shown: Shown }) {
  const met = isMet(shown);
  return (
    <Card class={`figure-tile ${met === false ? "wrong" : ""}`}>
      <h2 class="section-title">
        <a href={`#${address({ ...what, figure: shown.key, of: "" })}`}>{nameOf(shown.key)}</a>
      </h2>
      <p class="value" data-testid={`figure-${shown.key}`}>
        {valueWords(shown.key, shown.whole.value)}
      </p>
      <p>{targetWords(shown) ?? underValue(shown)}</p>
      <p class="detail">{formulaOf(shown.key)}</p>
    </Card>
  );
}

/** Figures that nobody counts of such a part of the site, and why. */
function Untold({ figures }: { figures: readonly Shown[] }) {
  if (figures.length === 0) return null;
  const why = new Map<string, Shown[]>();
  for (const shown of figures)
    why.set(untoldWords(shown), [...(why.get(untoldWords(shown)) ?? []), shown]);
  return (
    <Card title={t("insight.untold")}>
      <ul class="insight-untold" data-testid="untold">
        {[...why].map(([words, of]) => (
          <li key={words}>
            {t("insight.untoldList", {
              why: words,
              figures: of.map(({ key }) => nameOf(key)).join(" · "),
            })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
