import { Card } from "../../ui";
import { type Asked, address } from "./address";
import type { Dashboard, Shown } from "./types";
import { formulaOf, isMet, madeOf, nameOf, targetWords, valueWords } from "./words";

/** Every figure with its formula and its target; each leads to what is behind it. */
export function Tiles({ what, board }: { what: Asked; board: Dashboard }) {
  return (
    <div class="grid insight-tiles" data-testid="figures">
      {board.figures.map(shown => (
        <Tile key={shown.key} what={what} shown={shown} />
      ))}
    </div>
  );
}

function Tile({ what, shown }: { what: Asked; shown: Shown }) {
  const met = isMet(shown);
  return (
    <Card class={`figure-tile ${met === false ? "wrong" : ""}`}>
      <h2 class="section-title">
        <a href={`#${address({ ...what, figure: shown.key })}`}>{nameOf(shown.key)}</a>
      </h2>
      <p class="value" data-testid={`figure-${shown.key}`}>
        {valueWords(shown.key, shown.whole.value)}
      </p>
      <p>{targetWords(shown) ?? madeOf(shown.key, shown.whole)}</p>
      <p class="detail">{formulaOf(shown.key)}</p>
    </Card>
  );
}
