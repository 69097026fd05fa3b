/** Meetings by day: to come, past, and those of which no day is known: pure. */

import type { LedgerRow } from "./records";

export interface DayOf {
  /** "2025-01-09". */
  day: string;
  rows: LedgerRow[];
}

export interface Days {
  /** The nearest first. */
  toCome: DayOf[];
  /** The latest first. */
  past: DayOf[];
  undated: LedgerRow[];
}

const DAY = /^\d{4}-\d\d-\d\d/;

/** When the meeting itself is; when it was reported is no date of it. */
export function dayOfRow(row: LedgerRow): string | null {
  const said = Object.hasOwn(row.cells, "date") ? row.cells.date : null;
  return typeof said === "string" && DAY.test(said) ? said.slice(0, 10) : null;
}

/** `nowMs`: time of the picture. A meeting of today is to come until the day is over. */
export function daysOfRows(rows: readonly LedgerRow[], nowMs: number): Days {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const byDay = new Map<string, LedgerRow[]>();
  const undated: LedgerRow[] = [];
  for (const row of rows) {
    const day = dayOfRow(row);
    if (day === null) undated.push(row);
    else byDay.set(day, [...(byDay.get(day) ?? []), row]);
  }
  const days = [...byDay].map(([day, of]) => ({ day, rows: of })).sort((a, b) => a.day.localeCompare(b.day));
  return {
    toCome: days.filter(({ day }) => day >= today),
    past: days.filter(({ day }) => day < today).reverse(),
    undated,
  };
}
