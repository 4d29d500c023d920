/** The answers of `/api/reports…`. Times in ms. */

import type { ReportFilter, ReportSpec, Sending } from "../../gen/ops";

export type { ReportColumn, ReportFilter, ReportGroup, ReportSpec, Sending } from "../../gen/ops";

export type Kind =
  | "text"
  | "whole"
  | "number"
  | "money"
  | "flag"
  | "moment"
  | "date"
  | "month"
  | "hour"
  | "weekday";
export type Cell = string | number | null;
export type Chart = NonNullable<ReportSpec["chart"]>;

export interface TableColumn {
  readonly label: string;
  readonly type: Kind;
  readonly unit: string;
  readonly words: string;
  readonly is_group: boolean;
}

/** It stands after row `after`, from 0; `depth`: of as many groups, 0 is everything. */
export interface Sum {
  readonly after: number;
  readonly depth: number;
  readonly cells: readonly Cell[];
}

export interface ReportTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly more: boolean;
  readonly chart: Chart;
  readonly start: number;
  readonly end: number;
  readonly zone: string;
  readonly sums: readonly Sum[];
}

export interface ShownReport {
  readonly id: string;
  readonly name: string;
  readonly spec: ReportSpec;
  readonly table: ReportTable;
}

export interface FieldOf {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly type: Kind;
  readonly unit: string;
  readonly sees: string;
  readonly may: boolean;
  readonly totals: readonly string[];
  readonly parts: readonly string[];
}

export interface DatasetOf {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly time: string;
  readonly currency: string;
  readonly fields: readonly FieldOf[];
}

export interface ReportOf {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly standard: boolean;
  readonly mine: boolean;
  readonly by: string;
  readonly may: boolean;
  readonly why: string;
  readonly spec: ReportSpec;
}

export interface ScheduleOf {
  readonly id: string;
  readonly report: string;
  readonly sending: Sending;
  readonly by: string;
  readonly mine: boolean;
  readonly next_at: number;
  readonly tried: number;
  /** Moves when somebody changes it. */
  readonly revision: number;
}

export interface RunOf {
  readonly schedule: string;
  readonly name: string;
  readonly state: "sent" | "retrying" | "failed";
  readonly fault: string;
  readonly rows: number;
  readonly receivers: number;
  readonly tried: number;
  readonly due_at: number;
  readonly at: number;
}

export interface Overview {
  readonly zone: string;
  readonly reports: readonly ReportOf[];
  readonly datasets: readonly DatasetOf[];
  readonly schedules: readonly ScheduleOf[];
  readonly runs: readonly RunOf[];
}

export interface UseOf {
  readonly what: string;
  readonly report: string;
  readonly name: string;
  readonly detail: string;
  readonly by: string;
  readonly at: number;
}

/** What is asked of a report now, as it stands in the address. */
export interface Wanted {
  readonly period: string;
  readonly start: string;
  readonly end: string;
  readonly filters: readonly Required<ReportFilter>[];
}
