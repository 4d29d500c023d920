import { t } from "../../i18n";
import { Badge, Card, Facts, type Tone } from "../../ui";
import { orderPath } from "../desk/frame";
import { word } from "../desk/words";
import type { OrderStory, StoryReturn } from "./story-types";

const TONES: Readonly<Record<StoryReturn["state"], Tone>> = {
  opened: "warn",
  received: "right",
  withdrawn: "neutral",
};

/** What followed by itself from goods that the customer did not keep. */
export function Returns({ order }: { order: OrderStory }) {
  const { returns, replaces, replaces_number } = order;
  if (returns.length === 0 && !replaces) return null;
  return (
    <Card title={t("service.returns")}>
      {replaces && (
        <p>
          {t("service.replaces")} <Other id={replaces} number={replaces_number ?? replaces} />
        </p>
      )}
      {returns.map(each => (
        <Return key={each.id} rma={each} />
      ))}
    </Card>
  );
}

function Return({ rma }: { rma: StoryReturn }) {
  const back = rma.lines.reduce((sum, line) => sum + line.back, 0);
  const came = rma.lines.reduce((sum, line) => sum + line.received, 0);
  return (
    <div class="stack" data-testid={`rma-${rma.number}`}>
      <Facts
        rows={[
          [
            t("service.rmaNumber"),
            <span key="number" class="row">
              <strong class="code">{rma.number}</strong>
              <Badge tone={TONES[rma.state]}>{word("rma", rma.state)}</Badge>
            </span>,
          ],
          [t("desk.reason"), word("why", rma.reason)],
          [t("service.party"), word("party", rma.party)],
          [
            t("service.parcels"),
            <span key="lines">
              {rma.lines.map(line => (
                <span key={line.no} class="two-lines">
                  <span>
                    {line.qty} × <span class="code">{line.sku}</span>
                  </span>
                  <span class="soft">{word("why", line.reason)}</span>
                </span>
              ))}
              <span class="soft">{t("service.backOf", { came, back })}</span>
            </span>,
          ],
          ...(rma.reship
            ? ([
                [
                  t("service.sentAgain"),
                  <Other key="again" id={rma.reship} number={rma.reship_number ?? rma.reship} />,
                ],
              ] as const)
            : []),
        ]}
      />
    </div>
  );
}

function Other({ id, number }: { id: string; number: string }) {
  return <a href={`#${orderPath(id)}`}>{number}</a>;
}
