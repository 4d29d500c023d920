// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed one by one are no <table>.
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and head buttons take the focus.
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid answers the keys for all its rows.
/** A table of thousands of rows that change while one reads: only what is in sight is painted. */
import "./live-table.css";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Icon } from "../../ui";
import { keyStep, windowOf } from "./window";

export interface LiveColumn<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ComponentChildren;
  align?: "end";
}

export interface LiveTableProps<Row> {
  /** Its look in live-table.css, and what it holds, for who cannot see it. */
  name: string;
  label: string;
  /** The same array, and the same functions below, for as long as they mean the same. */
  columns: readonly LiveColumn<Row>[];
  /** What is shown, in order; each row follows its own signal. */
  keys: readonly string[];
  /** A hook: the row of a key, as it stands now. */
  useOne: (key: string) => Row | undefined;
  sort: string;
  down: boolean;
  onSort: (key: string) => void;
  onOpen: (key: string) => void;
  empty: string;
}

/** Heights in px: a row of a desk, and a card of a phone. live-table.css says the same. */
const ROW = 56;
const CARD = 148;
const NARROW = "(width < 45rem)";
/** Before the first look at the screen, and where there is none. */
const SOME = 640;

export function LiveTable<Row>(props: LiveTableProps<Row>) {
  const { name, label, columns, keys, empty } = props;
  const grid = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const { first, last, onScroll } = useWindow(grid, keys.length, height);
  const focus = useFocus(grid, keys, height);
  if (keys.length === 0) return <p class="table-frame empty">{empty}</p>;
  return (
    <div
      class={`live-table ${name}`}
      role="grid"
      aria-label={label}
      aria-rowcount={keys.length + 1}
      aria-colcount={columns.length}
      ref={grid}
      onScroll={onScroll}
      onKeyDown={focus.onKeyDown}
      style={{ "--row": `${height}px` }}
    >
      <Heads {...props} />
      <div role="rowgroup" class="rows" style={{ height: `${keys.length * height}px` }}>
        {inSight(keys, first, last, focus.at).map(at => (
          <LiveRow
            key={keys[at]}
            columns={columns}
            useOne={props.useOne}
            onOpen={props.onOpen}
            onTake={focus.take}
            id={keys[at] as string}
            at={at}
            top={at * height}
            isActive={at === focus.at}
          />
        ))}
      </div>
    </div>
  );
}

/** The rows in sight, and the one that has the focus wherever it is: else it would be lost. */
function inSight(keys: readonly string[], first: number, last: number, active: number): number[] {
  const shown = Array.from({ length: last - first }, (_, i) => first + i);
  if (active < keys.length && (active < first || active >= last)) shown.push(active);
  return shown.sort((a, b) => a - b);
}

function Heads<Row>({ columns, sort, down, onSort }: LiveTableProps<Row>) {
  return (
    <div role="rowgroup" class="heads">
      <div role="row" class="live-row" aria-rowindex={1}>
        {columns.map(column => (
          <div
            key={column.key}
            role="columnheader"
            class={column.align}
            aria-sort={sort === column.key ? (down ? "descending" : "ascending") : undefined}
          >
            <button type="button" onClick={() => onSort(column.key)}>
              {column.title}
              {sort === column.key && <Icon name={down ? "down" : "up"} />}
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps<Row> extends Pick<LiveTableProps<Row>, "columns" | "useOne" | "onOpen"> {
  id: string;
  at: number;
  top: number;
  isActive: boolean;
  onTake: (key: string) => void;
}

/** Whatever it is given stays the same from one look to the next: only a row that changed is made anew. */
function LiveRow<Row>({ columns, useOne, onOpen, id, at, top, isActive, onTake }: RowProps<Row>) {
  const row = useOne(id);
  return (
    <div
      role="row"
      class="live-row"
      data-at={at}
      aria-rowindex={at + 2}
      tabIndex={isActive ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onTake(id)}
      onClick={() => onOpen(id)}
    >
      {row &&
        columns.map(({ key, title, cell, align }) => (
          <div key={key} role="gridcell" class={align} data-key={key} data-title={title}>
            {cell(row)}
          </div>
        ))}
    </div>
  );
}

function useRowHeight(): number {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const follow = () => setNarrow(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return narrow ? CARD : ROW;
}

function useWindow(grid: { current: HTMLElement | null }, rows: number, height: number) {
  const [seen, setSeen] = useState({ top: 0, size: SOME });
  const look = () => {
    const box = grid.current;
    if (!box) return;
    // To a whole row: a scroll by a few pixels paints nothing new.
    const top = Math.floor(box.scrollTop / height) * height;
    const size = box.clientHeight || SOME;
    setSeen(was => (was.top === top && was.size === size ? was : { top, size }));
  };
  useEffect(() => {
    look();
    const box = grid.current;
    if (!box || typeof ResizeObserver === "undefined") return undefined;
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  }, [rows === 0, height]);
  return { ...windowOf(seen.top, seen.size, rows, height), onScroll: look };
}

/** One row can be reached by Tab, the others by arrows from there; it keeps the focus as it moves. */
function useFocus(grid: { current: HTMLElement | null }, keys: readonly string[], height: number) {
  const [active, setActive] = useState<string>();
  const stood = useRef(0);
  const wanted = useRef(false);
  const found = active === undefined ? 0 : keys.indexOf(active);
  // Its row is gone: who stood on it stands on what took its place.
  const at = found >= 0 ? found : Math.max(0, Math.min(stood.current, keys.length - 1));
  stood.current = at;
  const had = grid.current?.contains(document.activeElement) === true && isRow();
  useLayoutEffect(() => {
    if (!wanted.current && !(had && !grid.current?.contains(document.activeElement))) return;
    const scrolled = wanted.current;
    wanted.current = false;
    const row = grid.current?.querySelector<HTMLElement>(`[data-at="${at}"]`);
    row?.focus({ preventScroll: true });
    if (scrolled && grid.current) bringIntoSight(grid.current, at, height);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isRow()) return;
    if (event.key === "Enter" || event.key === " ") {
      (document.activeElement as HTMLElement).click();
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((grid.current?.clientHeight || SOME) / height) - 2);
    const next = keyStep(event.key, at, keys.length, page);
    if (next === null) return;
    event.preventDefault();
    wanted.current = true;
    setActive(keys[next]);
  };
  return { at, take: setActive as (key: string) => void, onKeyDown };
}

function isRow(): boolean {
  return document.activeElement?.matches("[role=row]") ?? false;
}

function bringIntoSight(box: HTMLElement, at: number, height: number): void {
  const head = box.querySelector(".heads")?.clientHeight ?? 0;
  const top = at * height;
  if (top < box.scrollTop) box.scrollTop = top;
  const low = top + height + head - box.clientHeight;
  if (low > box.scrollTop) box.scrollTop = low;
}

/** Says how much a filter has found when it has changed, and nothing while rows come and go. */
export function Found({ of, n }: { of: string; n: number }) {
  const [words, setWords] = useState("");
  const count = useRef(n);
  count.current = n;
  useEffect(() => {
    if (!of) return undefined;
    const timer = setTimeout(() => setWords(t("board.found", { n: count.current })), 600);
    return () => clearTimeout(timer);
  }, [of]);
  return (
    <p role="status" class="unseen">
      {words}
    </p>
  );
}
