import type { Chart } from "./chart";
import { rounded } from "./round";

const EARTH_M = 2 * Math.PI * 6_378_137;
/** The scale, true in the middle of the map. */
export const Scale = ({ chart }: { chart: Chart }) => {
  chart.moved.value;
  const { lat } = chart.map.getCenter();
  const metres = (EARTH_M * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** chart.map.getZoom());
  const { words, widthPx } = rounded(metres);
  return (
    <span
      class="map-scale"
      ref={(bar) => {
        if (bar) bar.style.width = `${widthPx}px`;
      }}
    >
      {words}
    </span>
  );
};
