/** Keeps columns of vessels up to date: a snapshot begins them anew, a diff changes them in place. */

import { type Message, SNAPSHOT } from "../api/vessel_bytes";
import type { VesselColumns } from "./picture";

const NOT_SAID = 65_535;
const DEGREES = 1e-7;
const LENGTH_STEP_M = 2;
const NEAR_STEP_M = 50;
const FAR = 255;

export class Afloat {
  readonly columns: VesselColumns;
  readonly #rows = new Map<number, number>();

  constructor(capacity = 1024) {
    this.columns = { count: 0, timeMs: 0, ...blank(capacity) };
  }

  /** Row of a vessel; undefined where it is not in the view. */
  rowOf(mmsi: number): number | undefined {
    return this.#rows.get(mmsi);
  }

  take(message: Message): void {
    if (message.kind === SNAPSHOT) {
      this.#rows.clear();
      this.columns.count = 0;
    } else this.#growOlder((message.timeMs - this.columns.timeMs) / 1000);
    this.columns.timeMs = message.timeMs;
    for (const mmsi of message.gone) this.#forget(mmsi);
    this.#makeRoom(this.columns.count + message.count);
    for (let k = 0; k < message.count; k++) this.#put(message, k);
  }

  #growOlder(seconds: number): void {
    const { ageS, count } = this.columns;
    for (let row = 0; row < count; row++) ageS[row] = Math.max(0, ageS[row]! + seconds);
  }

  #put(message: Message, k: number): void {
    const c = this.columns;
    const mmsi = message.mmsi[k]!;
    let row = this.#rows.get(mmsi);
    if (row === undefined) {
      row = c.count++;
      this.#rows.set(mmsi, row);
      c.mmsi[row] = mmsi;
    }
    c.lonDeg[row] = message.lon[k]! * DEGREES;
    c.latDeg[row] = message.lat[k]! * DEGREES;
    c.ageS[row] = message.age[k]!;
    c.sogKn[row] = tenths(message.sog[k]!);
    c.cogDeg[row] = tenths(message.cog[k]!);
    c.headingDeg[row] = tenths(message.heading[k]!);
    c.shipClass[row] = message.craft[k]! >> 4;
    c.navStatus[row] = message.craft[k]! & 15;
    c.level[row] = message.mark[k]! & 3;
    c.silenced[row] = (message.mark[k]! >> 2) & 1;
    c.lengthM[row] = message.length[k] ? message.length[k]! * LENGTH_STEP_M : Number.NaN;
    c.assetM[row] = message.near[k] === FAR ? Number.NaN : message.near[k]! * NEAR_STEP_M;
  }

  /** The last row takes the place of the one that is gone. */
  #forget(mmsi: number): void {
    const row = this.#rows.get(mmsi);
    if (row === undefined) return;
    this.#rows.delete(mmsi);
    const last = --this.columns.count;
    if (row === last) return;
    this.#rows.set(this.columns.mmsi[last]!, row);
    for (const column of arraysOf(this.columns)) column[row] = column[last]!;
  }

  #makeRoom(count: number): void {
    if (count <= this.columns.mmsi.length) return;
    const larger = blank(Math.max(count, 2 * this.columns.mmsi.length));
    const before = arraysOf(this.columns);
    for (const [k, column] of arraysOf(larger).entries()) column.set(before[k]!);
    Object.assign(this.columns, larger);
  }
}

type Arrays = Omit<VesselColumns, "count" | "timeMs">;

/** Columns for so many vessels, all of them nothing yet. */
export function blank(capacity: number): Arrays {
  return {
    mmsi: new Uint32Array(capacity),
    lonDeg: new Float64Array(capacity),
    latDeg: new Float64Array(capacity),
    ageS: new Float32Array(capacity),
    sogKn: new Float32Array(capacity),
    cogDeg: new Float32Array(capacity),
    headingDeg: new Float32Array(capacity),
    shipClass: new Uint8Array(capacity),
    navStatus: new Uint8Array(capacity),
    level: new Uint8Array(capacity),
    silenced: new Uint8Array(capacity),
    lengthM: new Float32Array(capacity),
    assetM: new Float32Array(capacity),
  };
}

const arraysOf = (c: Arrays) => [
  c.mmsi,
  c.lonDeg,
  c.latDeg,
  c.ageS,
  c.sogKn,
  c.cogDeg,
  c.headingDeg,
  c.shipClass,
  c.navStatus,
  c.level,
  c.silenced,
  c.lengthM,
  c.assetM,
];

const tenths = (value: number): number => (value === NOT_SAID ? Number.NaN : value / 10);
