import { useEffect, useState } from "preact/hooks";
import { formatDate, formatNumber, formatTime, t } from "../../i18n";
import { isRecord, request } from "../../kernel/http";
import { Badge, Icon, type Strokes, svgPath } from "../../ui";
import { SIGNS } from "../../ui/tone";
import { blobPath, Photos } from "../desk/photos";
import { word } from "../desk/words";
import { asides, momentTone, sentence } from "./moment";
import { Paper } from "./paper";
import type { Blob, Moment, Proof } from "./story-types";

/** Everything that happened to an order, the newest first. */
export function Timeline({ story }: { story: readonly Moment[] }) {
  const days = byDay(story.toReversed());
  if (story.length === 0) return <p class="empty">{t("service.noStory")}</p>;
  return (
    <>
      {days.map(([day, moments]) => (
        <section key={day} class="day">
          <h3 class="section-title">{day}</h3>
          <ol class="timeline">
            {moments.map((moment, index) => (
              <Told key={`${moment.at}/${moment.kind}/${moments.length - index}`} moment={moment} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function byDay(moments: readonly Moment[]): [string, Moment[]][] {
  const days = new Map<string, Moment[]>();
  for (const moment of moments) {
    const day = formatDate(moment.at).replace(/,? ?\d{1,2}:\d{2}$/, "");
    days.set(day, [...(days.get(day) ?? []), moment]);
  }
  return [...days];
}

function Told({ moment }: { moment: Moment }) {
  const tone = momentTone(moment);
  return (
    <li class={tone}>
      <time dateTime={new Date(moment.at).toISOString()} class="number">
        {formatTime(moment.at)}
      </time>
      <Icon name={SIGNS[tone]} />
      <div class="stack">
        <p class="what">{sentence(moment)}</p>
        <p class="soft who">{who(moment)}</p>
        {asides(moment).map(text => (
          <p key={text}>{text}</p>
        ))}
        <Photos photos={moment.photos} />
        {moment.signature && (
          <Signature blob={moment.signature} receiver={String(moment.data.receiver ?? "")} />
        )}
        <PaperLink moment={moment} />
        {moment.proof && <ProofFacts proof={moment.proof} />}
      </div>
    </li>
  );
}

/** The very version that was issued or attached then. */
function PaperLink({ moment: { kind, data } }: { moment: Moment }) {
  if (kind !== "pod.paper_issued" && kind !== "pod.paper_attached") return null;
  return (
    <p>
      <Paper path={`/documents/papers/${encodeURIComponent(String(data.paper))}`}>
        {t(kind === "pod.paper_issued" ? "papers.print" : "papers.open")}
      </Paper>
    </p>
  );
}

function who({ person_name, device, device_name }: Moment): string {
  const by = person_name ?? (device.startsWith("sys:") ? t("service.system") : null);
  return [by, device_name ?? (device.startsWith("sys:") ? null : device)]
    .filter(Boolean)
    .join(" · ");
}

/** A signature drawn from its strokes; one whose bytes are not here yet says so. */
function Signature({ blob, receiver }: { blob: Blob; receiver: string }) {
  const drawing = useDrawing(blob);
  return (
    <figure class="signature">
      {drawing ? (
        <svg
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          role="img"
          aria-label={t("service.signatureOf", { person: receiver })}
        >
          <path
            d={svgPath(drawing.strokes)}
            fill="none"
            stroke="currentColor"
            stroke-width="90"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </svg>
      ) : (
        <p class="soft">
          {t(blob.state === "refused" ? "service.unusable" : "service.signatureOnItsWay")}
        </p>
      )}
      <figcaption>{t("service.receivedBy", { person: receiver || "–" })}</figcaption>
    </figure>
  );
}

/** What the pad of the device wrote; sizes in pad units. */
interface Drawing {
  width: number;
  height: number;
  strokes: Strokes;
}

function useDrawing({ ref, state }: Blob): Drawing | null {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    if (state !== "complete") return;
    void request(blobPath(ref), {}).then(({ status, body }) => {
      if (status === 200 && isRecord(body) && Array.isArray(body.strokes))
        setDrawing(body as unknown as Drawing);
    });
  }, [ref, state]);
  return drawing;
}

const CHECKS = "unchanged device chain files countersigned clock place newest".split(" ");
/** What the server found besides. */
const VERDICTS = ["policy", "shown"];

/** Eight answers about the evidence, one plain sentence each. */
function ProofFacts({ proof }: { proof: Proof }) {
  return (
    <div class="proof stack">
      <p class="row">
        <Badge tone="right">{t("service.recorded")}</Badge>
        <Badge tone={proof.evidence_complete ? "right" : "warn"}>
          {t(proof.evidence_complete ? "service.evidenceComplete" : "service.evidenceComing")}
        </Badge>
        {proof.superseded && <Badge tone="warn">{t("service.superseded")}</Badge>}
      </p>
      <ul class="verdicts">
        {CHECKS.filter(name => proof.checks[name]).map(name => {
          const found = proof.checks[name] ?? "";
          const holds = found === "ok" || found === "none";
          const fine = holds && !(name === "countersigned" && found === "none");
          return (
            <li key={name} class={fine ? "right" : "warn"} data-check={`${name}.${found}`}>
              <Icon name={fine ? "check" : "warn"} />
              {word("verdict", `${name}.${found}`)}
            </li>
          );
        })}
        {VERDICTS.filter(name => proof.verdicts[name]).map(name => {
          const found = proof.verdicts[name] ?? "";
          return (
            <li key={name} class={found === "ok" ? "right" : "warn"}>
              <Icon name={found === "ok" ? "check" : "warn"} />
              {word("verdict", `${name}.${found}`)}
            </li>
          );
        })}
      </ul>
      {proof.countersigned && (
        <p class="soft">{t("service.countersigned", { n: proof.countersigned.n })}</p>
      )}
      {proof.position && <Place position={proof.position} />}
      {proof.evidence_complete && (
        <p>
          <Paper path={`/documents/proofs/${encodeURIComponent(proof.id)}.pdf`}>
            {t("service.receipt")}
          </Paper>
        </p>
      )}
    </div>
  );
}

function Place({ position }: { position: NonNullable<Proof["position"]> }) {
  const degrees = (e7: number) =>
    formatNumber(e7 / 1e7, { minimumFractionDigits: 5, maximumFractionDigits: 5 });
  return (
    <p class="place soft">
      <Icon name="pin" />
      {t("service.place", {
        lat: degrees(position.lat_e7),
        lon: degrees(position.lon_e7),
        metres: Math.round(position.acc_cm / 100),
      })}
    </p>
  );
}
