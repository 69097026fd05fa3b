/** Opens the map with all that is on it. */

import { Chart } from "./chart";
import { loadChart, showChart } from "./charted";
import { showDepth } from "./depth";
import { offer } from "./export";
import { loadGiven } from "./given";
import { showOverlays } from "./laid";
import { showNames } from "./names";
import { followPointer } from "./pointer";
import { showTiles } from "./tiles";

export { Face } from "./face";

export function open(box: HTMLElement): { chart: Chart; close: () => void } {
  const stops = [loadChart(), loadGiven()];
  const chart = new Chart(box);
  chart.map.once("style.load", () => {
    for (const show of [showChart, showOverlays, showDepth, showTiles, showNames, followPointer]) show(chart);
  });
  offer(() => {
    chart.map.redraw(); // the pixels are there until this task ends
    return chart.map.getCanvas();
  });
  const close = (): void => {
    offer(null);
    for (const stop of stops) stop();
    chart.close();
  };
  return { chart, close };
}
