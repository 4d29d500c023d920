import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { RowTypes } from "../../kernel/contract";
import { navigate } from "../../router";
import { feedback } from "../../scan/feedback";
import { useScans } from "../../scan/use-scans";
import { dispatch } from "../../sync";
import {
  Badge,
  Button,
  Keypad,
  List,
  ListItem,
  ManualEntry,
  Progress,
  Prompt,
  Screen,
} from "../../ui";
import { say } from "../../voice/speak";
import { Alert } from "../floor/alert";
import { saved } from "../floor/saved";
import { TrayButton } from "../floor/tray-button";
import type { Bench } from "./bench";
import { BenchStop } from "./bench-stop";
import { addressLines, keepLabel, labelOf, shipTo } from "./label";
import { isAllIn, type PackLine, pieces } from "./pack";
import { FinalCheck, Weigh } from "./seal";

interface PackingProps {
  job: RowTypes["pack_job"];
  bench: Bench;
}

/** One parcel: every piece scanned in, weighed, checked, closed. */
export function Packing({ job, bench }: PackingProps) {
  const [counting, setCounting] = useState(false);
  const [weight, setWeight] = useState<number | null>(null);
  const lines = bench.lines.value;
  const allIn = isAllIn(lines);
  useScans(scan => bench.take(scan));

  const close = async () => {
    const weight_g = weight ?? 0;
    const { task, parcel } = job;
    keepLabel(labelOf(job, weight_g));
    const ok = await saved(() => dispatch("packing.close_pack", { task, parcel, weight_g }));
    if (!ok) return;
    feedback("done");
    say(t("packer.closed", { parcel }));
    navigate(`/packer/label/${encodeURIComponent(parcel)}`, { replace: true });
  };
  const last = lines.find(line => line.no === bench.last.value);
  return (
    <>
      {counting && last ? (
        <CountPad line={last} bench={bench} onDone={() => setCounting(false)} />
      ) : !allIn ? (
        <Pieces job={job} bench={bench} onCount={() => setCounting(true)} />
      ) : weight === null ? (
        <Weigh job={job} lines={lines} onWeight={setWeight} />
      ) : (
        <FinalCheck
          job={job}
          lines={lines}
          weight={weight}
          onClose={close}
          onBack={() => setWeight(null)}
        />
      )}
      {bench.stop.value && <BenchStop stop={bench.stop.value} bench={bench} />}
    </>
  );
}

function Pieces({ job, bench, onCount }: PackingProps & { onCount: () => void }) {
  const lines = bench.lines.value;
  const { packed, qty } = pieces(lines);
  const last = lines.find(line => line.no === bench.last.value);
  const to = shipTo(job.ship_to);
  // What lacks pieces stands on top; the line scanned last stays in sight.
  const order = [...lines].sort((a, b) => Number(isIn(a)) - Number(isIn(b)) || a.no - b.no);
  return (
    <Screen
      title={job.order_number}
      subtitle={`${t("packer.parcel")} ${job.parcel}`}
      back="/packer"
      trailing={<TrayButton />}
      actions={
        <>
          <ManualEntry hint={t("packer.pieceHint")} />
          {last && (
            <Button icon="keys" data-testid="type-count" onClick={onCount}>
              {t("packer.typeCount")}
            </Button>
          )}
        </>
      }
    >
      <div data-testid="count">
        <Progress done={packed} total={qty} label={t("packer.pieces")} />
      </div>
      <Prompt {...(last && { spoken: spokenPiece(last) })}>{t("packer.scanPiece")}</Prompt>
      <List label={t("packer.lines")}>
        {order.map(line => (
          <PieceItem key={line.no} line={line} current={line.no === last?.no} />
        ))}
      </List>
      <p class="soft">
        {t("packer.shipTo")}: {[to.name || job.customer_name, ...addressLines(to)].join(", ")}
      </p>
    </Screen>
  );
}

function spokenPiece({ name, packed, qty }: PackLine): string {
  return t("voice.packed", { name, packed, qty });
}

function isIn(line: PackLine): boolean {
  return line.packed >= line.qty;
}

function PieceItem({ line, current }: { line: PackLine; current: boolean }) {
  const count = t("packer.countOf", { packed: line.packed, qty: line.qty });
  return (
    <ListItem
      current={current}
      title={line.name}
      detail={<span class="code">{line.sku}</span>}
      trailing={
        <span class="piece-count" data-testid={`pack-line-${line.no}`}>
          {isIn(line) ? <Badge tone="right">{count}</Badge> : <strong>{count}</strong>}
        </span>
      }
    />
  );
}

interface CountPadProps {
  line: PackLine;
  bench: Bench;
  onDone: () => void;
}

/** Many of the same: the number in the parcel, all told, after one of them was scanned. */
function CountPad({ line, bench, onDone }: CountPadProps) {
  const [value, setValue] = useState("");
  const submit = async () => {
    if (await bench.amount(Number(value))) onDone();
  };
  const back = () => {
    bench.clear();
    onDone();
  };
  return (
    <Screen
      title={t("packer.typeCount")}
      back={back}
      actions={
        <Keypad
          label={t("ui.howMany")}
          value={value}
          onChange={setValue}
          onSubmit={() => void submit()}
          {...(value !== "" && { submitLabel: t("packer.inParcel", { n: Number(value) }) })}
          maxLength={6}
        />
      }
    >
      {bench.typedTooMany.value ? (
        <Alert id="too-many">{t("packer.tooManyTyped", { n: line.qty })}</Alert>
      ) : (
        <Prompt icon="keys">{t("packer.howMany", { name: line.name, n: line.qty })}</Prompt>
      )}
    </Screen>
  );
}
