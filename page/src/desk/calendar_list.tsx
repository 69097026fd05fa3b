/** The calendar by day: what is to come first. */

import { pictureMs } from "../state/watch";
import { countOf, dayOf } from "../words";
import { type DayOf, daysOfRows } from "./calendar_days";
import { modalityOf } from "./desk_words";
import { cellText } from "./ledger_cells";
import { Sources } from "./ledger_table";
import type { LedgerRow } from "./records";

export const CalendarList = ({ rows }: { rows: readonly LedgerRow[] }) => {
  const { toCome, past, undated } = daysOfRows(rows, pictureMs.value ?? Date.now());
  return (
    <>
      <Part id="days-to-come" title="To come" days={toCome} none="No meeting with a day is to come." />
      <Part id="days-past" title="Past" days={past} none="No meeting with a day is past." />
      {undated.length > 0 && (
        <section aria-labelledby="days-unknown">
          <h3 id="days-unknown">No day is known ({countOf(undated.length)})</h3>
          <p class="quiet">“Next month” means something only where it is known when it was said.</p>
          <ul class="link-rows">
            {undated.map((row) => (
              <Meeting key={row.id} row={row} withState />
            ))}
          </ul>
        </section>
      )}
    </>
  );
};

const Part = ({ id, title, days, none }: { id: string; title: string; days: readonly DayOf[]; none: string }) => (
  <section aria-labelledby={id}>
    <h3 id={id}>{title}</h3>
    {days.length === 0 && <p class="quiet">{none}</p>}
    {days.map(({ day, rows }) => (
      <section key={day} class="day">
        <h4>
          <time dateTime={day}>{dayOf(Date.parse(day))}</time>
        </h4>
        <ul class="link-rows">
          {rows.map((row) => (
            <Meeting key={row.id} row={row} />
          ))}
        </ul>
      </section>
    ))}
  </section>
);

const Meeting = ({ row, withState = false }: { row: LedgerRow; withState?: boolean }) => {
  const cell = (key: string): string => (Object.hasOwn(row.cells, key) ? cellText(row.cells[key]) : "");
  const about = [
    cell("place"),
    cell("when"),
    cell("modality") && modalityOf(cell("modality")),
    withState ? cell("state") : "",
  ].filter(Boolean);
  return (
    <li class="meeting">
      <p class="lead">
        <bdi>{cell("participants") || "A meeting"}</bdi>
      </p>
      {cell("purpose") && (
        <p>
          <bdi>{cell("purpose")}</bdi>
        </p>
      )}
      <p class="quiet">
        <bdi>{about.join(" · ")}</bdi>
      </p>
      <details>
        <summary>{row.sources.length === 1 ? "Its source" : `${countOf(row.sources.length)} sources`}</summary>
        <Sources row={row} />
      </details>
    </li>
  );
};
