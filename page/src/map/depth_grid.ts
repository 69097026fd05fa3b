/** A grid of depths as the watch sends it: docs/streams.md, byte by byte. */

import type { BoundsDeg } from "./camera";

const HEADER_BYTES = 48;
export const UNKNOWN = 65_535;

export interface Grid {
  bounds: BoundsDeg;
  width: number;
  height: number;
  decimetres: Uint16Array;
}

/** Understand a grid; null for bytes that are none. */
export function gridOf(body: ArrayBuffer): Grid | null {
  if (body.byteLength < HEADER_BYTES) return null;
  const head = new DataView(body);
  const size = head.getUint16(6, true);
  const [width, height] = [head.getUint32(8, true), head.getUint32(12, true)];
  // "AWDG", form 1
  if (head.getUint32(0) !== 0x41574447 || head.getUint8(4) !== 1 || body.byteLength !== size + 2 * width * height)
    return null;
  const bounds = [16, 24, 32, 40].map((at) => head.getFloat64(at, true)) as BoundsDeg;
  return { bounds, width, height, decimetres: new Uint16Array(body.slice(size)) };
}

/** Limits of the bands, metres: as charts have them, with what a dragged anchor reaches (some 100 m of chain) among them. */
export const BANDS_M = [2, 5, 10, 20, 30, 50, 75, 100, 150, 200];

/** 0 for the shallowest band, 1 for the deepest. */
export const bandOf = (depthM: number): number => {
  const at = BANDS_M.findIndex((limit) => depthM < limit);
  return (at < 0 ? BANDS_M.length : at) / BANDS_M.length;
};
