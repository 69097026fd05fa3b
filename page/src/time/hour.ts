/** The places of an hour, by vessel: where every one of them was at any moment of it. */

import { blank } from "../state/afloat";
import type { VesselColumns } from "../state/picture";
import type { Places } from "./awrp";

const NOT_SAID = 65_535;
const DEGREES = 1e-7;
const TURN = 3_600_000_000; // 360 degrees of 1e-7
const GONE_S = 3600; // silent for longer: not in the picture of a time, as in /api/v1/picture
const FULL_S = 600; // over a longer silence nobody knows how she went: she stays where she was last heard

export class Hour {
  /** First place of each vessel in #rows, and behind the last. */
  readonly #first: Uint32Array;
  readonly #rows: Uint32Array;
  /** Place of each vessel that was shown last: time mostly goes forward by little. */
  readonly #shown: Uint32Array;
  readonly columns: VesselColumns;

  constructor(readonly places: Places) {
    const { count, mmsi } = places;
    const number = new Map<number, number>();
    const of = new Uint32Array(count);
    for (let row = 0; row < count; row++) {
      const ship = mmsi[row]!;
      let n = number.get(ship);
      if (n === undefined) {
        n = number.size;
        number.set(ship, n);
      }
      of[row] = n;
    }
    this.#first = new Uint32Array(number.size + 1);
    for (let row = 0; row < count; row++) this.#first[of[row]! + 1]!++;
    for (let n = 0; n < number.size; n++) this.#first[n + 1]! += this.#first[n]!;
    this.#rows = new Uint32Array(count);
    const free = this.#first.slice();
    for (let row = 0; row < count; row++) this.#rows[free[of[row]!]!++] = row;
    this.#shown = this.#first.slice(0, number.size);
    this.columns = { count: 0, timeMs: 0, ...blank(number.size) };
  }

  get vessels(): number {
    return this.#shown.length;
  }

  /** Fill the columns with the picture at a moment. `levels`: of alerts that stood then, by MMSI. */
  show(ms: number, levels: ReadonlyMap<number, number>): VesselColumns {
    const c = this.columns;
    c.count = 0;
    c.timeMs = ms;
    const t = (ms - this.places.sinceMs) / 1000;
    for (let n = 0; n < this.#shown.length; n++) {
      const at = this.#seek(n, t);
      const row = this.#rows[at]!;
      const ageS = t - this.places.t[row]!;
      if (ageS < 0 || ageS > GONE_S) continue;
      const next = at + 1 < this.#first[n + 1]! ? this.#rows[at + 1]! : null;
      this.#put(row, next, t, levels.get(this.places.mmsi[row]!) ?? 0);
    }
    return c;
  }

  /** The newest place of a vessel up to a moment; its first where that is later. */
  #seek(n: number, t: number): number {
    const times = this.places.t;
    let at = this.#shown[n]!;
    while (at + 1 < this.#first[n + 1]! && times[this.#rows[at + 1]!]! <= t) at++;
    while (at > this.#first[n]! && times[this.#rows[at]!]! > t) at--;
    this.#shown[n] = at;
    return at;
  }

  #put(row: number, next: number | null, t: number, level: number): void {
    const { places: p, columns: c } = this;
    const k = c.count++;
    const gapS = next === null ? 0 : p.t[next]! - p.t[row]!;
    const share = next !== null && gapS > 0 && gapS <= FULL_S ? (t - p.t[row]!) / gapS : 0;
    const known = next !== null && gapS > 0 && gapS <= FULL_S;
    c.mmsi[k] = p.mmsi[row]!;
    c.lonDeg[k] = (known ? lonBetween(p.lon[row]!, p.lon[next]!, share) : p.lon[row]!) * DEGREES;
    c.latDeg[k] = (known ? p.lat[row]! + (p.lat[next]! - p.lat[row]!) * share : p.lat[row]!) * DEGREES;
    c.ageS[k] = known ? 0 : t - p.t[row]!; // between two places nothing is reckoned: it is known
    c.sogKn[k] = tenths(p.sog[row]!);
    c.cogDeg[k] = turned(p.cog[row]!, known ? p.cog[next]! : NOT_SAID, share);
    c.headingDeg[k] = turned(p.heading[row]!, known ? p.heading[next]! : NOT_SAID, share);
    c.shipClass[k] = p.craft[row]! >> 4;
    c.navStatus[k] = p.craft[row]! & 15;
    c.level[k] = level;
    c.lengthM[k] = p.length[row] ? p.length[row]! * 2 : Number.NaN;
    c.assetM[k] = Number.NaN; // not told for earlier times
  }
}

const tenths = (value: number): number => (value === NOT_SAID ? Number.NaN : value / 10);

/** The short way round, also over the date line. */
function lonBetween(a: number, b: number, share: number): number {
  let by = b - a;
  if (by > TURN / 2) by -= TURN;
  else if (by < -TURN / 2) by += TURN;
  const lon = a + by * share;
  return lon > TURN / 2 ? lon - TURN : lon < -TURN / 2 ? lon + TURN : lon;
}

function turned(a: number, b: number, share: number): number {
  if (a === NOT_SAID || b === NOT_SAID) return tenths(a);
  let by = (b - a) / 10;
  if (by > 180) by -= 360;
  else if (by < -180) by += 360;
  return (a / 10 + by * share + 360) % 360;
}
