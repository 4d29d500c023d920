import { useEffect, useState } from "preact/hooks";
import { formatDate, hasText, t } from "../../i18n";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Badge, Button, Card, List, ListItem, type Tone, toast } from "../../ui";
import { read, refusalWords } from "../desk/ask";
import { ForgetButton } from "./forget";
import { type Wishes, WishesDialog } from "./wishes";

interface Told {
  id: string;
  what: string;
  channel: string;
  audience: "customer" | "manager";
  to: string;
  state: "queued" | "sent" | "failed" | "dropped";
  why: string;
  tried: number;
  at: number;
  next_at: number;
  sent_at: number | null;
}

interface OrderNotices {
  on: boolean;
  customer: string;
  vip: boolean;
  wishes: Wishes;
  notices: readonly Told[];
}

const TONES: Readonly<Record<Told["state"], Tone>> = {
  queued: "info",
  sent: "right",
  failed: "wrong",
  dropped: "neutral",
};

export interface NoticesProps {
  order: { id: string; customer_name: string; story: readonly unknown[] };
}

/** What the customer was told, by which way, and a button to tell it again. */
export function Notices({ order }: NoticesProps) {
  const [told, setTold] = useState<OrderNotices>();
  const [wishing, setWishing] = useState(false);
  const [asked, setAsked] = useState(0);
  const moments = order.story.length;
  useEffect(() => {
    // Again whenever the story grew: a notice that was sent is told there.
    if (moments + asked < 0) return;
    void read<OrderNotices>(`/api/notices/${encodeURIComponent(order.id)}`).then(got => {
      if (got.ok) setTold(got.body);
    });
  }, [order.id, moments, asked]);
  if (!told) return null;
  const mayAct = role.value === "service" || role.value === "supervisor";
  const again = () => setAsked(n => n + 1);
  const resend = async (notice: string) => {
    const problem = refusalWords(await submit("notices.resend_notice", { notice }));
    if (problem) toast(problem, { tone: "wrong" });
    announce(problem ?? t("notices.queuedAgain"));
    again();
  };
  return (
    <Card title={t("notices.title")}>
      <div class="stack" data-testid="notices">
        {!told.on && <p class="soft">{t("notices.off")}</p>}
        <List label={t("notices.title")} empty={t("notices.none")}>
          {told.notices.map(each => (
            <Notice key={each.id} told={each} onResend={mayAct && told.on ? resend : undefined} />
          ))}
        </List>
        {role.value === "admin" && (
          <ForgetButton customer={told.customer} name={order.customer_name} onDone={again} />
        )}
        {mayAct && (
          <div class="row">
            <Button data-testid="wishes" onClick={() => setWishing(true)}>
              {t("notices.wishes")}
            </Button>
          </div>
        )}
      </div>
      {wishing && (
        <WishesDialog
          customer={told.customer}
          name={order.customer_name}
          vip={told.vip}
          wishes={told.wishes}
          onClose={() => {
            setWishing(false);
            again();
          }}
        />
      )}
    </Card>
  );
}

interface NoticeProps {
  told: Told;
  onResend: ((notice: string) => Promise<void>) | undefined;
}

function Notice({ told, onResend }: NoticeProps) {
  const what = said("what", told.what);
  const channel = said("channel", told.channel);
  return (
    <ListItem
      title={t("notices.line", { what, channel: `${channel} ${told.to}`.trim() })}
      detail={
        <span class="stack">
          <span class="row">
            <Badge tone={TONES[told.state]}>{t(`notices.state_${told.state}`)}</Badge>
            <span class="soft">{when(told)}</span>
          </span>
          {told.audience === "manager" && <span>{t("notices.copy")}</span>}
          {told.why && told.state !== "sent" && <span>{said("why", told.why)}</span>}
        </span>
      }
      trailing={
        onResend && told.state !== "queued" ? (
          <Button
            label={t("notices.againOf", { what })}
            data-testid={`resend-${told.what}`}
            onClick={() => void onResend(told.id)}
          >
            {t("notices.again")}
          </Button>
        ) : undefined
      }
    />
  );
}

function when(told: Told): string {
  if (told.state !== "queued") return formatDate(told.sent_at ?? told.at);
  const time = formatDate(told.next_at);
  return t(told.tried > 0 ? "notices.next" : "notices.due", { time });
}

/** A code of another build is shown as it is. */
function said(area: "what" | "channel" | "why", code: string): string {
  const key = `notices.${area}_${code}`;
  return hasText(key) ? (t as (key: string) => string)(key) : code;
}
