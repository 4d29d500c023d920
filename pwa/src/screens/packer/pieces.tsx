import { t } from "../../i18n";
import { insideOf, type Job, missing, piecesIn, wanted } from "../../packing/bench-plan";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import {
  Badge,
  BarButton,
  Button,
  List,
  ListItem,
  ManualEntry,
  Progress,
  Prompt,
  Screen,
} from "../../ui";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import type { Bench } from "./bench";
import { cartonWords } from "./carton-step";
import { addressLines, shipTo } from "./label";
import { type PackLine, pieces } from "./pack";

interface PiecesProps {
  bench: Bench;
  job: Job;
  onLine: (no: number) => void;
  onCounted: () => void;
}

/** Every piece goes by the scanner into the carton in front of the packer. */
export function Pieces({ bench, job, onLine, onCounted }: PiecesProps) {
  const lines = bench.lines.value;
  const carton = bench.carton.value;
  const parcel = carton?.parcel ?? "";
  const last = lines.find(line => line.no === bench.last.value);
  const to = shipTo(job.ship_to);
  const blind = bench.blind.value;
  // What lacks pieces stands on top; the line scanned last stays in sight.
  const rank = (line: PackLine) => Number(!blind && missing(line) === 0);
  const order = [...lines].sort((a, b) => rank(a) - rank(b) || a.no - b.no);
  return (
    <Screen
      title={job.order_number}
      subtitle={carton ? cartonWords(job, carton) : ""}
      back="/packer"
      trailing={
        <>
          <Undo bench={bench} />
          <TrayButton />
        </>
      }
      actions={
        <>
          <ManualEntry hint={t("packer.pieceHint")} />
          <div class="pair">
            {last && (
              <Button icon="keys" data-testid="type-count" onClick={() => onLine(last.no)}>
                {t("packer.typeCount")}
              </Button>
            )}
            <Close bench={bench} filled={piecesIn(lines, parcel) > 0} onCounted={onCounted} />
          </div>
        </>
      }
    >
      <Count bench={bench} />
      <Prompt {...(last && !blind && { spoken: spokenPiece(last) })}>
        {t(blind ? "packer.countBlind" : "packer.scanPiece")}
      </Prompt>
      <List label={t("packer.lines")}>
        {order.map(line => (
          <PieceItem
            key={line.no}
            line={line}
            here={insideOf(line, parcel)}
            blind={blind}
            current={line.no === last?.no}
            onOpen={() => onLine(line.no)}
          />
        ))}
      </List>
      <p class="soft">
        {t("packer.shipTo")}: {[to.name || job.customer_name, ...addressLines(to)].join(", ")}
      </p>
    </Screen>
  );
}

function Count({ bench }: { bench: Bench }) {
  const lines = bench.lines.value;
  const { packed, qty } = pieces(lines);
  const counted = lines.reduce((sum, line) => sum + line.packed, 0);
  return (
    <div data-testid="count">
      {bench.blind.value ? (
        <p class="big-count">{t("packer.counted", { n: counted })}</p>
      ) : (
        <Progress done={packed} total={qty} label={t("packer.pieces")} />
      )}
    </div>
  );
}

/** The next carton, or the end of a count that nobody was told the result of. */
function Close({
  bench,
  filled,
  onCounted,
}: {
  bench: Bench;
  filled: boolean;
  onCounted: () => void;
}) {
  if (bench.blind.value)
    return (
      <Button icon="flag" data-testid="count-done" onClick={() => void tellCount(bench, onCounted)}>
        {t("packer.countDone")}
      </Button>
    );
  if (!filled) return null;
  const close = () => {
    bench.closing.value = true;
  };
  return (
    <Button icon="box" data-testid="close-carton" onClick={close}>
      {t("packer.closeCarton")}
    </Button>
  );
}

async function tellCount(bench: Bench, onDiffers: () => void): Promise<void> {
  const lines = bench.lines.value;
  const body = {
    task: bench.task,
    lines: lines.map(({ no, packed }) => ({ line: no, counted: packed })),
  };
  if (!(await saved(() => dispatch("packing.finish_count", body)))) return;
  const agrees = lines.every(line => line.packed === wanted(line));
  feedback(agrees ? "done" : "wrong");
  if (!agrees) onDiffers();
}

/** The piece scanned last comes out again, until the carton is sealed. */
function Undo({ bench }: { bench: Bench }) {
  const line = bench.undoable;
  if (!line) return null;
  return (
    <BarButton
      icon="undo"
      testId="undo"
      label={t("packer.undo", { name: line.name })}
      onClick={() => void bench.takeOut(line.no)}
    />
  );
}

function spokenPiece(line: PackLine): string {
  return t("voice.packed", { name: line.name, packed: line.packed, qty: wanted(line) });
}

interface PieceItemProps {
  line: PackLine;
  here: number;
  blind: boolean;
  current: boolean;
  onOpen: () => void;
}

function PieceItem({ line, here, blind, current, onOpen }: PieceItemProps) {
  const count = blind
    ? String(here)
    : t("packer.countOf", { packed: line.packed, qty: wanted(line) });
  const isIn = !blind && missing(line) === 0;
  return (
    <ListItem
      current={current}
      onClick={onOpen}
      title={line.name}
      detail={
        <>
          <span class="code">{line.sku}</span>
          {line.flawed > 0 && <> · {t("packer.flawedOut", { n: line.flawed })}</>}
        </>
      }
      trailing={
        <span class="piece-count" data-testid={`pack-line-${line.no}`}>
          {isIn ? <Badge tone="right">{count}</Badge> : <strong>{count}</strong>}
        </span>
      }
    />
  );
}
