/** Numbers and times in a report, with what they mean. */

import { amountOf, daysOf, roleOf } from "./desk_words";
import type { Opened, Words } from "./records";

interface Marks {
  report: Opened;
  onMark: (words: readonly Words[]) => void;
}

export const Quantities = ({ report, onMark }: Marks) => {
  if (!report.quantities.length) return null;
  return (
    <section aria-labelledby="report-quantities">
      <h3 id="report-quantities">Numbers</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section class="scrolled" tabIndex={0} aria-label="Numbers as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">As said</th>
              <th scope="col">Means</th>
              <th scope="col">Of</th>
            </tr>
          </thead>
          <tbody>
            {report.quantities.map((quantity) => (
              <tr key={quantity.start} onMouseEnter={() => onMark([quantity])} onMouseLeave={() => onMark([])}>
                <th scope="row">
                  <bdi>{quantity.text}</bdi>
                </th>
                <td>
                  {quantity.qualifier && (
                    <>
                      <bdi>{quantity.qualifier}</bdi>{" "}
                    </>
                  )}
                  {amountOf(quantity)}
                  <span class="quiet">, {roleOf(quantity.role)}</span>
                </td>
                <td>
                  <bdi>{quantity.of}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
};

export const Dates = ({ report, onMark }: Marks) => {
  if (!report.dates.length) return null;
  return (
    <section aria-labelledby="report-dates">
      <h3 id="report-dates">Times</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">As said</th>
            <th scope="col">Means</th>
          </tr>
        </thead>
        <tbody>
          {report.dates.map((when) => (
            <tr key={when.start} onMouseEnter={() => onMark([when])} onMouseLeave={() => onMark([])}>
              <th scope="row">
                <bdi>{when.text}</bdi>
              </th>
              <td>
                {when.duration
                  ? "a length of time"
                  : daysOf(when.from, when.until) || <span class="quiet">which day is not known</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
