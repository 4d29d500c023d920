import { useState } from "preact/hooks";
import { t } from "../../i18n";
import {
  addressFits,
  type Bench,
  DPIS,
  freshId,
  withBench,
  withoutBench,
} from "../../printing/edit";
import { stations } from "../../printing/stations";
import { submit, useRow } from "../../sync";
import { Button, Card, Dialog, Field, List, ListItem, Select } from "../../ui";
import { refusalWords } from "../desk/ask";

const KINDS = ["network", "browser", "null"] as const;
const NEW: Bench = { id: "", name: "", kind: "network" };

/** Which printer stands at which bench. */
export function Printers() {
  const [edited, setEdited] = useState<Bench | null>(null);
  return (
    <Card
      title={t("printing.printers")}
      trailing={
        <Button icon="plus" data-testid="add-bench" onClick={() => setEdited(NEW)}>
          {t("printing.addBench")}
        </Button>
      }
    >
      <List label={t("printing.printers")} empty={t("printing.noPrinters")}>
        {(stations.value as readonly Bench[]).map(bench => (
          <ListItem
            key={bench.id}
            title={bench.name}
            detail={detailOf(bench)}
            onClick={() => setEdited(bench)}
          />
        ))}
      </List>
      {edited && <EditBench bench={edited} onClose={() => setEdited(null)} />}
    </Card>
  );
}

function detailOf({ kind, address, dpi = DPIS[0] }: Bench): string {
  const where = kind === "network" ? [address, `${dpi} dpi`] : [];
  return [t(`printing.kind_${kind}`), ...where].join(" · ");
}

function EditBench({ bench, onClose }: { bench: Bench; onClose: () => void }) {
  const value = useRow("setting", "printing")?.value;
  const [now, setNow] = useState({ ...bench, address: bench.address ?? "" });
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const isNetwork = now.kind === "network";
  const fits = !isNetwork || addressFits(now.address);
  const put = async (setting: Record<string, unknown>) => {
    setBusy(true);
    const words = refusalWords(
      await submit("catalog.put_setting", { key: "printing", value: setting }),
    );
    setBusy(false);
    setProblem(words);
    if (!words) onClose();
  };
  const save = () => {
    const id = bench.id || freshId(now.name, stations.value);
    const of = { id, name: now.name.trim(), kind: now.kind };
    const printer = { address: now.address, dpi: now.dpi ?? DPIS[0] };
    return put(withBench(value, isNetwork ? { ...of, ...printer } : of));
  };
  return (
    <Dialog
      title={bench.name || t("printing.addBench")}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="save-bench"
            disabled={busy || now.name.trim() === "" || !fits}
            onClick={() => void save()}
          >
            {t("common.save")}
          </Button>
          {bench.id && (
            <Button
              kind="danger"
              data-testid="remove-bench"
              disabled={busy}
              onClick={() => void put(withoutBench(value, bench.id))}
            >
              {t("printing.removeBench")}
            </Button>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <Field
          label={t("printing.benchName")}
          value={now.name}
          onInput={name => setNow({ ...now, name })}
          maxLength={40}
          required
          name="bench"
          error={problem}
        />
        <Select
          label={t("printing.kind")}
          value={now.kind}
          onChange={kind => setNow({ ...now, kind: kind as Bench["kind"] })}
          options={KINDS.map(kind => ({ value: kind, label: t(`printing.kind_${kind}`) }))}
        />
        {isNetwork && (
          <>
            <Field
              label={t("printing.address")}
              hint={t("printing.addressHint")}
              value={now.address}
              onInput={address => setNow({ ...now, address: address.trim() })}
              error={now.address && !fits ? t("printing.addressWrong") : undefined}
              maxLength={260}
              required
              name="address"
            />
            <Select
              label={t("printing.dpi")}
              value={String(now.dpi ?? DPIS[0])}
              onChange={dpi => setNow({ ...now, dpi: Number(dpi) })}
              options={DPIS.map(dpi => ({ value: String(dpi), label: `${dpi} dpi` }))}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}
