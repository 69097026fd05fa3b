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
