import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { submit, useRows } from "../../sync";
import { announce, Badge, Button, Card, type Column, Facts, Table } from "../../ui";
import { refusalWords } from "../desk/ask";
import { Desk } from "../desk/frame";
import { ReleaseWave } from "./release";
import { type Choice, choices, inOrder, type Mode, type Wave } from "./wave-choice";

/** Each wave: being planned, waiting for a decision, or released; with its walk in metres. */
export function Waves(_: RouteProps) {
  const waves = inOrder(useRows("wave"));
  const [asking, setAsking] = useState(false);
  const waiting = waves.filter(wave => wave.state === "proposed");
  return (
    <Desk view="waves">
      <div class="toolbar">
        <Button icon="flag" onClick={() => setAsking(true)}>
          {t("supervisor.planWave")}
        </Button>
        {waiting.length > 1 && (
          <Button data-testid="release-all" onClick={() => void releaseAll(waiting)}>
            {t("supervisor.releaseAll", { n: waiting.length })}
          </Button>
        )}
      </div>
      {waves.length === 0 && <p class="empty">{t("supervisor.noWaves")}</p>}
      <div class="stack">
        {waves.map(wave => (
          <OneWave key={wave.id} wave={wave} />
        ))}
      </div>
      {asking && <ReleaseWave onClose={() => setAsking(false)} />}
    </Desk>
  );
}

async function releaseAll(waves: readonly Wave[]): Promise<void> {
  for (const wave of waves) await submit("picking.release_wave", { wave: wave.id });
  announce(t("supervisor.waveMade"));
}

function OneWave({ wave }: { wave: Wave }) {
  const tone = wave.state === "released" ? "right" : wave.state === "proposed" ? "warn" : "info";
  return (
    <Card
      title={t("supervisor.waveTitle", { number: wave.number })}
      trailing={<Badge tone={tone}>{t(`supervisor.wave_${wave.state as WaveState}`)}</Badge>}
    >
      <div class="stack" data-testid={`wave-${wave.number}`} data-state={wave.state}>
        <p>{t("supervisor.waveHolds", { orders: wave.orders, lines: wave.lines })}</p>
        {wave.state === "planning" && <p role="status">{t("supervisor.wavePlanning")}</p>}
        {wave.state === "proposed" && <Decision wave={wave} />}
        {wave.state === "released" && <Walked wave={wave} />}
      </div>
    </Card>
  );
}

type WaveState = "planning" | "proposed" | "released";

function Walked({ wave }: { wave: Wave }) {
  return (
    <Facts
      rows={[
        [t("supervisor.mode"), t(`supervisor.mode_${wave.mode as Mode}`)],
        [t("supervisor.walk"), metres(wave.metres)],
        [t("supervisor.walkSShape"), metres(wave.s_shape_metres)],
        [t("supervisor.walkArrival"), metres(wave.arrival_metres)],
      ]}
    />
  );
}

/** The modes side by side; the cheapest is proposed, any may be released. */
function Decision({ wave }: { wave: Wave }) {
  const [mode, setMode] = useState<Mode>(wave.mode as Mode);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const act = async (work: () => Promise<string | undefined>) => {
    setBusy(true);
    setProblem(await work());
    setBusy(false);
  };
  const release = async () =>
    refusalWords(await submit("picking.release_wave", { wave: wave.id, mode }));
  const drop = async () => refusalWords(await submit("picking.drop_wave", { wave: wave.id }));
  return (
    <>
      <Table
        columns={columns(wave, mode, setMode)}
        rows={choices(wave)}
        rowKey={choice => choice.mode}
      />
      <p class="soft">{t("supervisor.walkArrivalIs", { n: Math.round(wave.arrival_metres) })}</p>
      {problem && <p role="alert">{problem}</p>}
      <div class="toolbar">
        <Button
          kind="primary"
          data-testid="release-wave"
          disabled={busy}
          onClick={() => void act(release)}
        >
          {t("supervisor.releaseAs", { mode: t(`supervisor.mode_${mode}`) })}
        </Button>
        <Button disabled={busy} onClick={() => void act(drop)}>
          {t("supervisor.dropWave")}
        </Button>
      </div>
    </>
  );
}

function columns(wave: Wave, mode: Mode, pick: (mode: Mode) => void): Column<Choice>[] {
  const figure = (key: string, title: string, cell: (choice: Choice) => string) =>
    ({ key, title, cell, align: "end" }) as const;
  return [
    {
      key: "mode",
      title: t("supervisor.mode"),
      cell: choice => (
        <label class="choice">
          <input
            type="radio"
            name={`mode-${wave.id}`}
            data-testid={`mode-${choice.mode}`}
            checked={choice.mode === mode}
            onChange={() => pick(choice.mode)}
          />{" "}
          {t(`supervisor.mode_${choice.mode}`)}{" "}
          {choice.proposed && <Badge tone="info">{t("supervisor.proposed")}</Badge>}
        </label>
      ),
    },
    figure("tasks", t("desk.tasks"), choice => formatNumber(choice.tasks)),
    figure("metres", t("supervisor.walk"), choice => metres(choice.metres)),
    figure("line", t("supervisor.perLine"), choice => t("desk.metres", { n: one(choice.perLine) })),
    figure("hands", t("supervisor.handling"), choice =>
      t("supervisor.minutes", { n: Math.round(choice.handlingS / 60) }),
    ),
    figure("sshape", t("supervisor.underSShape"), choice => percent(choice.underSShape)),
    figure("arrival", t("supervisor.underArrival"), choice => percent(choice.underArrival)),
  ];
}

function one(n: number): number {
  return Math.round(n * 10) / 10;
}

function percent(n: number): string {
  return t("supervisor.percent", { n });
}

function metres(n: number): string {
  return t("desk.metres", { n: Math.round(n) });
}
