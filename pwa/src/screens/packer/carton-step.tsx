import { useMemo } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import {
  type BenchProposal,
  type Job,
  type JobCarton,
  missing,
  proposalFor,
} from "../../packing/bench-plan";
import type { Load } from "../../packing/cartons";
import type { Carton } from "../../packing/settings";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import { Badge, Button, List, ListItem, Prompt, Screen } from "../../ui";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import { type Bench, site } from "./bench";
import { isSscc } from "./code128";
import { GuideCard } from "./guide-card";
import type { PackLine } from "./pack";

interface CartonStepProps {
  bench: Bench;
  job: Job;
  carton: JobCarton;
}

/** Which carton to take next, and how the goods go in. The packer may take another one. */
export function CartonStep({ bench, job, carton }: CartonStepProps) {
  const lines = bench.lines.value;
  const cartons = site.cartons.value;
  const left = lines.map(missing).join();
  // Worked out again only when something else is to be packed.
  const proposal = useMemo(() => proposalFor(lines, cartons), [left, cartons]);
  const first = proposal?.loads[0];
  const proposed = first?.carton.code ?? "";
  const take = async (code: string) => {
    const body = { task: job.task, parcel: carton.parcel, carton: code, proposed };
    if (await saved(() => dispatch("packing.open_carton", body))) feedback("right");
  };
  const others = cartons.filter(({ code }) => code !== proposed);
  return (
    <Screen
      title={job.order_number}
      subtitle={cartonWords(job, carton)}
      back="/packer"
      trailing={<TrayButton />}
      actions={
        first && (
          <Button
            kind="primary"
            icon="box"
            data-testid="take-carton"
            onClick={() => void take(first.carton.code)}
          >
            {t("packer.takeCarton", { name: first.carton.name })}
          </Button>
        )
      }
    >
      <Prompt icon="box">{t(first ? "packer.cartonTitle" : "packer.cartonByEye")}</Prompt>
      {proposal && !bench.blind.value && <Proposed proposal={proposal} lines={lines} />}
      <GuideCard
        lines={lines}
        job={job}
        rules={site.guide.value}
        load={bench.blind.value ? undefined : first}
      />
      <h2 class="section-title">{t("packer.otherCarton")}</h2>
      <List label={t("packer.otherCarton")}>
        {others.map(each => (
          <ListItem
            key={each.code}
            title={<span data-testid={`carton-${each.code}`}>{each.name}</span>}
            detail={sizeWords(each)}
            onClick={() => void take(each.code)}
          />
        ))}
        <ListItem
          key=""
          title={<span data-testid="carton-none">{t("packer.noCarton")}</span>}
          onClick={() => void take("")}
        />
      </List>
    </Screen>
  );
}

/** `Carton 2 · Small box · …000013`: which one of the order, its kind, and the end of its number. */
export function cartonWords(job: Job, carton: JobCarton): string {
  const { parcel } = carton;
  const kind = kindOf(carton);
  const number = isSscc(parcel) ? `…${parcel.slice(-TOLD_APART)}` : parcel;
  return [cartonNo(job, parcel), ...(kind ? [kind] : []), number].join(" · ");
}

/** Digits at the end of an SSCC by which people tell one from another. */
const TOLD_APART = 6;

export function cartonNo(job: Job, parcel: string): string {
  const at = job.cartons.findIndex(each => each.parcel === parcel);
  return t("packer.cartonNo", { n: (at < 0 ? job.cartons.length : at) + 1 });
}

export function kindOf({ carton }: JobCarton): string | undefined {
  return site.cartons.value.find(({ code }) => code === carton)?.name;
}

function sizeWords({ l, w, h, maxGrams }: Carton): string {
  const kg = formatNumber(maxGrams / 1_000);
  return t("packer.cartonSize", { l, w, h, kg });
}

function Proposed({ proposal, lines }: { proposal: BenchProposal; lines: readonly PackLine[] }) {
  const { loads, loose, about, unmeasured } = proposal;
  const names = (of: readonly { line: number }[]) =>
    [...new Set(of.map(({ line }) => lines.find(each => each.no === line)?.name ?? ""))].join(", ");
  return (
    <div class="stack" data-testid="proposal">
      <List label={t("packer.cartonTitle")}>
        {loads.map((load, i) => (
          <LoadItem
            key={i}
            load={load}
            first={i === 0}
            names={names(load.placed.map(p => p.piece))}
          />
        ))}
      </List>
      {about > 0 && <p>{t("packer.cartonAbout", { n: about })}</p>}
      {loose.length > 0 && <p>{t("packer.cartonLoose", { list: names(loose) })}</p>}
      {unmeasured > 0 && <p>{t("packer.cartonUnmeasured", { n: unmeasured })}</p>}
    </div>
  );
}

function LoadItem({ load, first, names }: { load: Load; first: boolean; names: string }) {
  return (
    <ListItem
      current={first}
      title={load.carton.name}
      detail={names}
      trailing={
        <Badge tone={first ? "right" : "neutral"}>
          {t("packer.cartonHolds", { n: load.placed.length })}
        </Badge>
      }
    />
  );
}
