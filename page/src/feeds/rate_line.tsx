import { type Rates, rateWords, sparkline } from "./rates";

const WIDTH = 96;
const HEIGHT = 22;

/** Lines a minute, as words and as a small line from answer to answer. */
export const RateLine = ({ rates, of, what }: { rates: Rates; of: "lines" | "rows"; what: string }) => {
  const rate = of === "lines" ? rates.linesAMinute : rates.rowsAMinute;
  return (
    <span class="rate">
      <svg viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`} width={WIDTH + 2} height={HEIGHT + 2} aria-hidden="true">
        <path class="ground" d={`M0 ${HEIGHT}H${WIDTH}`} />
        <path class="line" d={sparkline(rates[of], WIDTH, HEIGHT)} />
      </svg>
      <span>{rateWords(rate, what)}</span>
    </span>
  );
};
