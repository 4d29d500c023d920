import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import type { RouteProps } from "../../router";
import { Button } from "../../ui";
import { Desk } from "../desk/frame";
import { address, asked, narrowed, path } from "./address";
import { AsOf } from "./as-of";
import { Detail } from "./detail";
import { Filters } from "./filters";
import { useFollowing } from "./following";
import { loadPlot } from "./plot";
import { SideBySide } from "./scores";
import { Tiles } from "./tiles";
import type { Dashboard } from "./types";
import { useAnswer } from "./use-answer";
import { nameOf, pricedIn } from "./words";

/** How the site has done: all figures, or one of them and what is behind it. */
export function Dashboards({ query }: RouteProps) {
  const what = asked(query);
  const { body, problem, busy, again } = useAnswer<Dashboard>(path(what, "figures"));
  const shown = body?.figures.find(({ key }) => key === what.figure);
  useFollowing(body);
  useEffect(() => {
    if (body) requestIdleCallback?.(() => void loadPlot());
  }, [body]);
  if (body) pricedIn.value = body.currency;
  return (
    <Desk
      view="insight"
      {...(shown && { title: nameOf(shown.key), back: address({ ...what, figure: "", of: "" }) })}
    >
      {!body && !problem && <p role="status">{t("common.loading")}</p>}
      {body && <Filters what={what} board={body} />}
      {problem && (
        <p role="alert" class="stack">
          {problem} <Button onClick={again}>{t("insight.again")}</Button>
        </p>
      )}
      {body && (
        <div class="stack" aria-busy={busy} data-testid="insight">
          <AsOf since={body.since} />
          {shown ? (
            <Detail what={what} board={body} shown={shown} />
          ) : (
            <>
              <Tiles what={what} board={body} />
              {narrowed(what).length === 0 && <SideBySide what={what} />}
            </>
          )}
        </div>
      )}
    </Desk>
  );
}
