import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import { navigate } from "../../router";
import { role } from "../../shell";
import { submit } from "../../sync";
import { announce, Badge, Button, type Column, Field, toast } from "../../ui";
import { read, refusalWords } from "../desk/ask";
import { Desk } from "../desk/frame";
import { LongTable } from "../desk/long-table";
import { LotHold } from "./lot-hold";
import type { Place, StockItem } from "./supply";
import { supplyTone } from "./supply";
import "./stock.css";

interface FoundStock {
  ver: number;
  items: StockItem[];
}

const PAUSE_MS = 250;

/** What is there, promised and free: by item, and by bin within it. */
export function StockDesk() {
  const [words, setWords] = useState("");
  const [items, setItems] = useState<readonly StockItem[]>();
  const [problem, setProblem] = useState<string>();
  const [open, setOpen] = useState<string>();
  const ask = async () => {
    const found = await read<FoundStock>(`/api/stock?q=${encodeURIComponent(words)}`);
    setProblem(found.ok ? undefined : found.words);
    if (!found.ok) return;
    setItems(found.body.items);
    announce(t("stock.found", { n: found.body.items.length }));
  };
  useEffect(() => {
    const wait = setTimeout(() => void ask(), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [words]);
  const shown = items?.find(each => each.sku === open);
  return (
    <Desk view="stock">
      <div class="stock-bar">
        <Field
          label={t("stock.search")}
          hint={t("stock.searchHint")}
          type="search"
          value={words}
          onInput={setWords}
          error={problem}
          name="q"
        />
        {role.value === "supervisor" && <Plans onDone={() => void ask()} />}
      </div>
      <LongTable
        name="stock"
        columns={columns(setOpen)}
        rows={items ?? []}
        rowKey={each => each.sku}
        empty={t(items ? "stock.none" : "common.loading")}
      />
      {shown && <Places item={shown} onChange={() => void ask()} />}
    </Desk>
  );
}

/** Work that a supervisor starts from here. */
function Plans({ onDone }: { onDone: () => void }) {
  const plan = async (name: "moving.plan_replenishment" | "counting.plan_counts") => {
    const words = refusalWords(await submit(name, {}));
    toast(words ?? t("stock.planned"), { tone: words ? "wrong" : "right" });
    announce(words ?? t("stock.planned"));
    onDone();
  };
  return (
    <div class="plans">
      <Button data-testid="plan-replenish" onClick={() => void plan("moving.plan_replenishment")}>
        {t("ops.planReplenishment")}
      </Button>
      <Button data-testid="plan-counts" onClick={() => void plan("counting.plan_counts")}>
        {t("ops.planCounts")}
      </Button>
      <Button icon="box" data-testid="receive" onClick={() => navigate("/stock/receive")}>
        {t("stock.receive")}
      </Button>
    </div>
  );
}

function columns(onOpen: (sku: string) => void): Column<StockItem>[] {
  const number = (key: "qty" | "allocated" | "available", title: string): Column<StockItem> => ({
    key,
    title,
    align: "end",
    cell: each => formatNumber(each[key]),
  });
  return [
    {
      key: "sku",
      title: t("floor.factSku"),
      cell: each => (
        <span class="two-lines" data-testid={`stock-${each.sku}`}>
          <strong>{each.name}</strong>
          <span class="soft">{each.sku}</span>
        </span>
      ),
    },
    number("qty", t("stock.physical")),
    number("allocated", t("stock.allocated")),
    number("available", t("stock.available")),
    {
      key: "supply",
      title: t("desk.state"),
      cell: each => <Badge tone={supplyTone(each.supply)}>{t(`stock.${each.supply}`)}</Badge>,
    },
    {
      key: "open",
      title: t("stock.places"),
      cell: each => (
        <Button
          onClick={() => onOpen(each.sku)}
          label={t("stock.placesOf", { n: each.places.length, name: each.name })}
        >
          {formatNumber(each.places.length)}
        </Button>
      ),
    },
  ];
}

/** Each lot in each place. */
function Places({ item, onChange }: { item: StockItem; onChange: () => void }) {
  return (
    <section class="stack" data-testid="places">
      <h2 class="section-title">{item.name}</h2>
      <LongTable
        name="places"
        columns={placeColumns(item, onChange)}
        rows={item.places}
        rowKey={place => `${place.bin}/${place.lot}`}
        empty={t("stock.none")}
      />
    </section>
  );
}

function placeColumns(item: StockItem, onChange: () => void): Column<Place>[] {
  const number = (key: "qty" | "allocated", title: string): Column<Place> => ({
    key,
    title,
    align: "end",
    cell: place => formatNumber(place[key]),
  });
  const hold: Column<Place> = {
    key: "held",
    title: t("stock.lotState"),
    cell: place => <LotHold item={item} place={place} onChange={onChange} />,
  };
  return [
    { key: "bin", title: t("floor.factBin"), cell: place => <strong>{place.bin}</strong> },
    { key: "lot", title: t("floor.factLot"), cell: place => place.lot || "–" },
    { key: "expiry", title: t("stock.expiry"), cell: place => place.expiry || "–" },
    number("qty", t("stock.physical")),
    number("allocated", t("stock.allocated")),
    ...(item.places.some(place => place.lot) ? [hold] : []),
  ];
}
