/** Cells of a ledger as text, and in order: pure. */

import { dayOf } from "../words";
import { EVENT_TYPES, eventOf, figure } from "./desk_words";
import type { Cell, LedgerRow } from "./records";

const DAY = /^\d{4}-\d\d-\d\d$/;
const STAMP = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** A cell in words; "" of nothing. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return figure(cell);
  if (DAY.test(cell)) return dayOf(Date.parse(cell));
  if (EVENT_TYPES.includes(cell)) return eventOf(cell);
  return cell.replace(STAMP, (stamp) => dayOf(Date.parse(stamp)));
}

/** Whether a column is of numbers: those stand to the right. */
export const isNumeric = (cells: readonly (Cell | undefined)[]): boolean =>
  cells.some((cell) => typeof cell === "number") &&
  cells.every((cell) => cell === null || cell === undefined || typeof cell === "number");

/** Order of two cells: numbers by size, the rest by letters; nothing last, whichever way. */
export function compared(a: Cell | undefined, b: Cell | undefined, down: boolean): number {
  const [x, y] = [sortable(a), sortable(b)];
  if (x === "" || y === "") return Number(x === "") - Number(y === "");
  const order =
    typeof x === "number" && typeof y === "number"
      ? x - y
      : String(x).localeCompare(String(y), "en", { numeric: true, sensitivity: "base" });
  return down ? -order : order;
}

const sortable = (cell: Cell | undefined): string | number => {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : "";
  return cell ?? "";
};

export interface Order {
  /** Key of the column, "at" of the time; "" = as the watch has them. */
  key: string;
  down: boolean;
}

export function ordered(rows: readonly LedgerRow[], { key, down }: Order): readonly LedgerRow[] {
  if (!key) return rows;
  const of = (row: LedgerRow): Cell | undefined =>
    key === "at" ? row.at : Object.hasOwn(row.cells, key) ? row.cells[key] : null;
  return [...rows].sort((a, b) => compared(of(a), of(b), down));
}

/** "level", "-level": an order as it stands in the address. */
export const orderOf = (text: string | null): Order => ({
  key: (text ?? "").replace(/^-/, "").slice(0, 60),
  down: (text ?? "").startsWith("-"),
});
export const orderText = ({ key, down }: Order): string | null => (key ? `${down ? "-" : ""}${key}` : null);
/** Pressed again the order turns round, then goes back to that of the watch. */
export function turned(order: Order, key: string): Order {
  if (order.key !== key) return { key, down: false };
  return order.down ? { key: "", down: false } : { key, down: true };
}
