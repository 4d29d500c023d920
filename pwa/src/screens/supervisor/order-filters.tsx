import "./order-filters.css";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n";
import type { OrderRow } from "../../kernel/contract";
import { navigate } from "../../router";
import { Button, Field, Icon, Select, Switch } from "../../ui";
import {
  ALL,
  byState,
  filterQuery,
  filtersSet,
  type OrderFilter,
  SORTS,
  type Sort,
  STATES,
} from "../desk/open-orders";
import { word } from "../desk/words";

/** The filter is in the address, so that it can be kept, passed on and gone back to. */
export function address(filter: OrderFilter): string {
  return `/supervisor${filterQuery(filter)}`;
}

/** The address that the last keystroke made: the next one replaces it, all else is a step. */
let typed = "";

export function show(filter: OrderFilter, how: "step" | "typed" = "step"): void {
  const to = address(filter);
  navigate(to, { replace: how === "typed" && location.hash === typed });
  typed = how === "typed" ? location.hash : "";
}

/** Another sorting; the same column again turns it round. */
export function sortBy(filter: OrderFilter, sort: Sort): void {
  show({ ...filter, sort, down: filter.sort === sort && !filter.down });
}

interface FiltersProps {
  filter: OrderFilter;
  orders: readonly OrderRow[];
}

interface WithChildren {
  children: ComponentChildren;
}

/** `children`: what else stands in the same line. */
export function OrderFilters({ filter, orders, children }: FiltersProps & WithChildren) {
  const set = filtersSet(filter);
  const [open, setOpen] = useState(set > 0);
  return (
    <div class="stack order-filters">
      <div class="toolbar">
        <Field
          label={t("desk.filter")}
          type="search"
          value={filter.text}
          placeholder={t("desk.filterHint")}
          onInput={text => show({ ...filter, text }, "typed")}
        />
        <button
          type="button"
          class="button"
          aria-expanded={open}
          aria-controls="order-filters"
          onClick={() => setOpen(!open)}
        >
          {set > 0 ? t("board.filtersSet", { n: set }) : t("board.filters")}
          <Icon name={open ? "up" : "down"} />
        </button>
        {children}
      </div>
      <div id="order-filters" hidden={!open}>
        <Fields filter={filter} orders={orders} />
      </div>
    </div>
  );
}

function Fields({ filter, orders }: FiltersProps) {
  const carriers = [...new Set(orders.map(({ carrier }) => carrier))].filter(Boolean).sort();
  const waves = [...new Set(orders.map(({ wave }) => wave))].filter(Boolean).sort((a, b) => b - a);
  return (
    <div class="fields">
      <Select
        label={t("board.lateness")}
        value={filter.late}
        options={withAll(["late", "will", "any"], late => t(`board.late_${late}`), filter.late)}
        onChange={late => show({ ...filter, late })}
      />
      <Select
        label={t("board.carrier")}
        value={filter.carrier}
        options={withAll(carriers, carrier => carrier, filter.carrier)}
        onChange={carrier => show({ ...filter, carrier })}
      />
      <Select
        label={t("board.wave")}
        value={filter.wave}
        options={withAll(waves.map(String), wave => wave, filter.wave)}
        onChange={wave => show({ ...filter, wave })}
      />
      <Select
        label={t("board.priority")}
        value={filter.priority}
        options={withAll(["80", "60", "40"], n => t("board.atLeast", { n }), filter.priority)}
        onChange={priority => show({ ...filter, priority })}
      />
      <Field
        label={t("desk.customer")}
        type="search"
        value={filter.customer}
        placeholder={t("board.customerHint")}
        onInput={customer => show({ ...filter, customer }, "typed")}
      />
      <Select
        label={t("board.sortBy")}
        value={filter.sort}
        options={SORTS.map(sort => ({ value: sort, label: columnTitle(sort) }))}
        onChange={sort => show({ ...filter, sort: sort as Sort, down: false })}
      />
      <Switch
        label={t("board.down")}
        checked={filter.down}
        onChange={down => show({ ...filter, down })}
      />
      {filtersSet(filter) + (filter.text ? 1 : 0) > 0 && (
        <Button icon="cross" onClick={() => show({ ...ALL, state: filter.state })}>
          {t("board.clear")}
        </Button>
      )}
    </div>
  );
}

/** What an address asks for can be chosen even where no order has it any more. */
function withAll<Value extends string>(
  values: readonly Value[],
  label: (value: Value) => string,
  chosen: string,
) {
  const lost = chosen && !values.includes(chosen as Value) ? [chosen] : [];
  return [
    { value: "", label: t("desk.allStates") },
    ...values.map(value => ({ value: value as string, label: label(value) })),
    ...lost.map(value => ({ value, label: value })),
  ];
}

export function columnTitle(sort: Sort): string {
  const titles: Record<Sort, string> = {
    number: t("desk.order"),
    customer: t("desk.customer"),
    state: t("desk.state"),
    wave: t("board.wave"),
    carrier: t("board.carrier"),
    priority: t("board.priority"),
    picked: t("desk.picked"),
    due: t("desk.due"),
    expected: t("board.expected"),
  };
  return titles[sort];
}

/** How many of what is asked for is in each state, and the way to these alone. */
export function States({ orders, filter }: FiltersProps) {
  const counts = byState(orders);
  const rest = [...counts.keys()].filter(state => !STATES.includes(state)).sort();
  return (
    <nav class="states" aria-label={t("supervisor.ordersByState")}>
      <State filter={filter} state="" label={t("desk.allStates")} count={orders.length} />
      {[...STATES, ...rest].map(state => (
        <State
          key={state}
          filter={filter}
          state={state}
          label={word("state", state)}
          count={counts.get(state) ?? 0}
        />
      ))}
    </nav>
  );
}

interface StateProps {
  filter: OrderFilter;
  state: string;
  label: string;
  count: number;
}

function State({ filter, state, label, count }: StateProps) {
  return (
    <a
      href={`#${address({ ...filter, state })}`}
      aria-current={filter.state === state ? "true" : undefined}
      class={count === 0 ? "soft" : ""}
    >
      {label}
      <strong data-testid={`state-${state}`}>{formatNumber(count)}</strong>
    </a>
  );
}
