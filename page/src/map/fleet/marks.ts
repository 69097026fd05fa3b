/** Vessels as the graphics card reads them: 28 bytes each, written anew at every update. */

import type { VesselColumns } from "../../state/picture";
import { isLying, velocity } from "./reckon";

export const MARK_BYTES = 28;
export const NO_DIRECTION = 0xffff;

/** How a vessel is drawn, by its trade. In the order of SHIP_CLASSES of the watch. */
export const FORM = { other: 0, cargo: 1, tanker: 2, passenger: 3, fishing: 4, service: 5 } as const;
const FORM_OF_CLASS: readonly number[] = [
  FORM.other,
  FORM.cargo,
  FORM.tanker,
  FORM.cargo,
  FORM.passenger,
  FORM.fishing,
  FORM.service,
  FORM.other,
  FORM.passenger,
  FORM.service,
  FORM.other,
];

export const LYING_BIT = 1;
export const SILENCED_BIT = 2;
export const CHOSEN_BIT = 4;

const WORLD = 2 ** 32; // steps around the world: a centimetre; differences go round it by themselves
const EARTH_M = 2 * Math.PI * 6_378_137;

/** Place on the square of Web Mercator: x in steps of 2^-32 of it, y of 2^-31 (a difference must not go round). */
export function steps(lonDeg: number, latDeg: number): [x: number, y: number] {
  const sine = Math.sin((Math.min(85, Math.max(-85, latDeg)) * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [((lonDeg / 360 + 0.5) * WORLD) >>> 0, (y * (WORLD / 2)) >>> 0];
}

export class Marks {
  bytes = new ArrayBuffer(0);
  count = 0;
  /** The first of those that stand out: they come last, so that they are drawn over the others. */
  firstOut = 0;
  #words = new Uint32Array(0);
  #floats = new Float32Array(0);
  #halves = new Uint16Array(0);
  #octets = new Uint8Array(0);

  /** Write all vessels; `chosen` are the MMSIs that stand out beside those with alerts. */
  write(c: VesselColumns, chosen: ReadonlySet<number>): void {
    this.#makeRoom(c.count);
    this.count = c.count;
    const out: number[] = [];
    let at = 0;
    for (let row = 0; row < c.count; row++)
      if (c.level[row]! > 0 || (chosen.size > 0 && chosen.has(c.mmsi[row]!))) out.push(row);
      else this.#one(c, row, at++, false);
    this.firstOut = at;
    out.sort((a, b) => c.level[a]! - c.level[b]!);
    for (const row of out) this.#one(c, row, at++, chosen.has(c.mmsi[row]!));
  }

  #one(c: VesselColumns, row: number, at: number, isChosen: boolean): void {
    const word = (at * MARK_BYTES) / 4;
    const [x, y] = steps(c.lonDeg[row]!, c.latDeg[row]!);
    const [east, north] = velocity(c, row);
    const stepsAMetre = WORLD / (EARTH_M * Math.cos((c.latDeg[row]! * Math.PI) / 180));
    this.#words[word] = x;
    this.#words[word + 1] = y;
    this.#floats[word + 2] = east * stepsAMetre;
    this.#floats[word + 3] = -north * stepsAMetre;
    this.#floats[word + 4] = c.ageS[row]!;
    const half = word * 2 + 10;
    this.#halves[half] = directionOf(c, row);
    this.#halves[half + 1] = Math.max(0, c.lengthM[row]!);
    const octet = word * 4 + 24;
    this.#octets[octet] = FORM_OF_CLASS[c.shipClass[row]!] ?? FORM.other;
    this.#octets[octet + 1] = c.level[row]!;
    const flags = (isLying(c, row) ? LYING_BIT : 0) | (c.silenced[row] ? SILENCED_BIT : 0);
    this.#octets[octet + 2] = flags | (isChosen ? CHOSEN_BIT : 0);
  }

  #makeRoom(count: number): void {
    if (count * MARK_BYTES <= this.bytes.byteLength) return;
    this.bytes = new ArrayBuffer(Math.max(1024, 2 ** Math.ceil(Math.log2(count))) * MARK_BYTES);
    this.#words = new Uint32Array(this.bytes);
    this.#floats = new Float32Array(this.bytes);
    this.#halves = new Uint16Array(this.bytes);
    this.#octets = new Uint8Array(this.bytes);
  }
}

/** Heading where it is said, else the course of a vessel that makes way; hundredths of a degree. */
function directionOf(c: VesselColumns, row: number): number {
  const heading = c.headingDeg[row]!;
  if (heading >= 0 && heading < 360) return Math.round(heading * 100);
  const cog = c.cogDeg[row]!;
  return c.sogKn[row]! >= 0.5 && cog >= 0 && cog < 360 ? Math.round(cog * 100) : NO_DIRECTION;
}
