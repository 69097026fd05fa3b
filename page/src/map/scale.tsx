import type { Chart } from "./chart";

const EARTH_M = 2 * Math.PI * 6_378_137;
const NM_M = 1852;
const WIDEST_PX = 140;

/** Round length that fits into so many pixels: nautical miles, below 0.1 of them metres. */
export function rounded(metresAPixel: number, widestPx = WIDEST_PX): { words: string; widthPx: number } {
  const most = metresAPixel * widestPx;
  const isSmall = most < 0.1 * NM_M;
  const unit = isSmall ? 1 : NM_M;
  const ten = 10 ** Math.floor(Math.log10(most / unit));
  const value = ([5, 2, 1].find((step) => step * ten * unit <= most) ?? 1) * ten;
  return {
    words: isSmall ? `${Number(value.toPrecision(1))} m` : `${Number(value.toPrecision(1))} nm`,
    widthPx: (value * unit) / metresAPixel,
  };
}

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
