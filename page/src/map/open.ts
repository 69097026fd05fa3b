/** Opens the map with all that is on it. */

import { Chart } from "./chart";
import { loadChart, showChart } from "./charted";
import { showOverlays } from "./laid";

export function open(box: HTMLElement): { chart: Chart; close: () => void } {
  const stop = loadChart();
  const chart = new Chart(box);
  chart.map.once("style.load", () => {
    showChart(chart);
    showOverlays(chart);
  });
  const close = (): void => {
    stop();
    chart.close();
  };
  return { chart, close };
}
