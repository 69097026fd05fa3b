/** Paths of the profile's chart, in units of its view box. */

import type { Bin } from "./profile";

export const PLOT = {
  width: 400,
  height: 236,
  left: 76,
  right: 396,
  top: 18,
  bottom: 218,
  marks: 13,
  traffic: { from: 20, to: 108 },
  threat: { from: 118, to: 160 },
  depth: { from: 172, to: 216 },
} as const;

const BAR_PX = 3; // of 400 stretches each has less than a pixel: a crossing must still be seen

type Share = (bin: Bin) => number | null;

const x = (at: number, count: number): number => PLOT.left + (at / count) * (PLOT.right - PLOT.left);
const fixed = (n: number): string => n.toFixed(1);

/** Bars that stand on `to`; none where the share is 0. */
export function barsOf(bins: readonly Bin[], share: Share, from: number, to: number): string {
  const width = Math.max(BAR_PX, ((PLOT.right - PLOT.left) / bins.length) * 0.8);
  return bins
    .map((bin, i) => {
      const high = (share(bin) ?? 0) * (to - from);
      if (high <= 0) return "";
      const left = x(i + 0.5, bins.length) - width / 2;
      return `M${fixed(left)} ${to}v${fixed(-high)}h${fixed(width)}v${fixed(high)}z`;
    })
    .join("");
}

/** A line of steps; broken where nothing is known. */
export function stepsOf(bins: readonly Bin[], share: Share, from: number, to: number): string {
  let d = "";
  let before: number | null = null;
  bins.forEach((bin, i) => {
    const value = share(bin);
    if (value !== null && Number.isFinite(value)) {
      const y = fixed(to - Math.min(1, Math.max(0, value)) * (to - from));
      d += before === null ? `M${fixed(x(i, bins.length))} ${y}` : `V${y}`;
      d += `H${fixed(x(i + 1, bins.length))}`;
    }
    before = value;
  });
  return d;
}

/** The same as an area that stands on `to`. */
export function areaOf(bins: readonly Bin[], share: (bin: Bin) => number, from: number, to: number): string {
  if (!bins.length) return "";
  return `M${PLOT.left} ${to}${stepsOf(bins, share, from, to).replace(/^M/, "L")}V${to}z`;
}
