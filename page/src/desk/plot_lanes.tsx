/** What the plots of the ledgers have in common: a lane for each name. */

import { headOf } from "./desk_words";
import type { LedgerPlot } from "./records";

export const MOST_LANES = 30;
export const LANE_PX = 44;
export const LABEL_PX = 16;
export const FOOT_PX = 24;
export const SIDE_PX = 12;

export type Series = LedgerPlot["series"][number];

export interface Lanes {
  series: readonly Series[];
  widthPx: number;
  plot: LedgerPlot;
}

export const LaneLabel = ({ name, lane, widthPx }: { name: string; lane: number; widthPx: number }) => (
  <text class="lane" x={SIDE_PX - 8} y={lane * LANE_PX + LABEL_PX - 2}>
    {headOf(name, Math.max(16, Math.floor(widthPx / 8)))}
  </text>
);
