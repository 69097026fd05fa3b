/** The plots of the ledgers: one lane for each name, so that no colour has to be told from another. The table says it all. */

import { useWidth } from "../parts/width";
import { countOf, saidOf } from "../words";
import { headOf } from "./desk_words";
import { Bars, Counts } from "./plot_bars";
import { Dots } from "./plot_dots";
import { MOST_LANES, type Series } from "./plot_lanes";
import { Timeline } from "./plot_time";
import type { LedgerPlot } from "./records";
import "./plot.css";

export const Plots = ({ plots }: { plots: readonly LedgerPlot[] }) => (
  <>
    {plots
      .filter((plot) => plot.series.some(({ points }) => points.length > 0))
      .map((plot) => (
        <OnePlot key={plot.title} plot={plot} />
      ))}
  </>
);

const OnePlot = ({ plot }: { plot: LedgerPlot }) => (
  <figure class="ledger-plot">
    <figcaption>
      <bdi>{plot.title}</bdi>
    </figcaption>
    {plot.kind === "matrix" ? <Matrix plot={plot} /> : <Drawn plot={plot} />}
  </figure>
);

const Drawn = ({ plot }: { plot: LedgerPlot }) => {
  const [box, widthPx] = useWidth(640);
  const lanes = plot.series.slice(0, MOST_LANES);
  const Kind = plot.kind === "matrix" ? Bars : KINDS[plot.kind];
  return (
    <>
      <div ref={box} role="img" aria-label={`${plot.title}: ${summaryOf(plot)} The table has all of it.`}>
        <Kind series={lanes} widthPx={widthPx} plot={plot} />
      </div>
      {plot.series.length > lanes.length && (
        <p class="quiet">and {countOf(plot.series.length - lanes.length)} more, in the table.</p>
      )}
    </>
  );
};

function summaryOf({ series }: LedgerPlot): string {
  const counts = series.slice(0, 6).map(({ name, points }) => `${headOf(name, 40)} ${points.length}`);
  return `${counts.join(", ")}${series.length > 6 ? ", and more" : ""}.`;
}

const KINDS = { timeline: Timeline, counts: Counts, bars: Bars, dots: Dots };

const STANCES: Record<string, string> = { for: "✓ for", against: "✕ against", conditional: "? on a condition" };

/** Who is for and who is against: names down, matters across. */
const Matrix = ({ plot }: { plot: LedgerPlot }) => {
  const parties = [...new Set(plot.series.flatMap(({ points }) => points.map(([, party]) => String(party))))].sort();
  const saidBy = (series: Series, party: string): string[] =>
    series.points.filter(([, of]) => String(of) === party).map(([, , stance]) => String(stance));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section class="scrolled" tabIndex={0} aria-label={plot.title}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{plot.y}</th>
            {plot.series.map(({ name }) => (
              <th key={name} scope="col">
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parties.slice(0, 3 * MOST_LANES).map((party) => (
            <tr key={party}>
              <th scope="row">
                <bdi>{party}</bdi>
              </th>
              {plot.series.map((series) => (
                <td key={series.name}>
                  {saidBy(series, party).map((stance) => (
                    <bdi key={stance} class="stance">
                      {saidOf(STANCES, stance) ?? stance}
                    </bdi>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
