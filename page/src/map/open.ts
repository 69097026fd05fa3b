/** Opens the map with all that is on it. */

import { Chart } from "./chart";
import { showChart } from "./charted";
import { showDepth } from "./depth";
import { offer } from "./export";
import { refine } from "./finer";
import { showOverlays } from "./laid";
import { showNames } from "./names";
import { followPointer } from "./pointer";
import { showTiles } from "./tiles";

export { Face } from "./face";

export function open(box: HTMLElement): { chart: Chart; close: () => void } {
  const chart = new Chart(box);
  chart.map.once("style.load", () => {
    for (const show of [showChart, refine, showOverlays, showDepth, showTiles, showNames, followPointer]) show(chart);
  });
  offer(() => {
    chart.map.redraw(); // the pixels are there until this task ends
    return chart.map.getCanvas();
  });
  const close = (): void => {
    offer(null);
    chart.close();
  };
  return { chart, close };
}
