/** One ledger: its plots, its table, its files; the calendar by day. */

import "./desk.css";
import { useState } from "preact/hooks";
import { Answer, useAsked } from "../parts/asked";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { ask, hrefOf, place } from "../state/url";
import { pictureMs } from "../state/watch";
import { countOf } from "../words";
import { fileOf, ledgerNamed, type Since } from "./ask";
import { CalendarList } from "./calendar_list";
import { DeskNav } from "./desk_nav";
import { ledgerOf } from "./desk_words";
import { type Order, orderOf, orderText } from "./ledger_cells";
import { Plots } from "./ledger_plot";
import { LedgerTable } from "./ledger_table";
import type { Ledger } from "./records";
import { SpanChoice } from "./span_choice";
import { SPANS, sinceOf } from "./stream_filter";

const ASKED_EVERY_S = 120;

export const LedgerPage = ({ name }: { name: string }) => {
  useOwnWords("order", "told", "table");
  const span = SPANS.find((known) => known === place.value.query.get("told"));
  const query: Since = span ? { since: sinceOf(span, pictureMs.peek() ?? Date.now()) } : {};
  const key = `${name} ${query.since ?? ""}`;
  const answer = useAsked((stop) => ledgerNamed(name, query, stop), key, ASKED_EVERY_S);
  return (
    <Panel title={ledgerOf(name)}>
      <DeskNav />
      <Answer asked={answer} what="ledger">
        {(ledger) => <Opened ledger={ledger} query={query} />}
      </Answer>
      <p>
        <a class="button" href={hrefOf("/ledgers")}>
          All ledgers
        </a>
      </p>
    </Panel>
  );
};

const Opened = ({ ledger, query }: { ledger: Ledger; query: Since }) => {
  const isCalendar = ledger.name === "calendar";
  const asTable = !isCalendar || place.value.query.get("table") === "1";
  return (
    <div class="stack">
      <div class="finds">
        <SpanChoice word="told" label="Reported" />
        {isCalendar && (
          <button type="button" aria-pressed={asTable} onClick={() => ask({ table: asTable ? null : "1" }, "push")}>
            As a table
          </button>
        )}
        <Files name={ledger.name} query={query} />
      </div>
      {ledger.rows.length === 0 ? (
        <p role="status">
          No report that was read says anything of this{Object.keys(query).length ? " in this time" : ""}.
        </p>
      ) : (
        <Filled ledger={ledger} asTable={asTable} />
      )}
    </div>
  );
};

const Filled = ({ ledger, asTable }: { ledger: Ledger; asTable: boolean }) => {
  const order = orderOf(place.value.query.get("order"));
  return (
    <>
      <p role="status" class="quiet">
        {ledger.rows.length === 1 ? "1 row" : `${countOf(ledger.rows.length)} rows`}. Where sources disagree, a row has
        both values: none was chosen.{ledger.rows.every(({ at }) => at === null) && " No row has a date."}
      </p>
      {ledger.notes.map((note) => (
        <p key={note} class="quiet">
          <bdi>{note}</bdi>
        </p>
      ))}
      {asTable ? (
        <>
          <Plots plots={ledger.plots} />
          <LedgerTable ledger={ledger} order={order} onOrder={(next) => ask({ order: orderText(next) })} />
          {ledger.parts.map((one) => (
            <Part key={one.name} part={one} />
          ))}
        </>
      ) : (
        <CalendarList rows={ledger.rows} />
      )}
    </>
  );
};

/** A table that follows from the one above; in an order of its own, which no address has. */
const Part = ({ part: { rows, ...ledger } }: { part: Ledger }) => {
  const [order, setOrder] = useState<Order>({ key: "", down: false });
  const id = `part-${ledger.name.replace(/[^a-z]/g, "-")}`;
  if (!rows.length) return null;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        <bdi>{ledger.title}</bdi>
      </h3>
      {ledger.notes.map((note) => (
        <p key={note} class="quiet">
          <bdi>{note}</bdi>
        </p>
      ))}
      <Plots plots={ledger.plots} />
      <LedgerTable ledger={{ ...ledger, rows }} order={order} onOrder={setOrder} />
    </section>
  );
};

const Files = ({ name, query }: { name: string; query: Since }) => (
  <>
    <a class="button" href={fileOf(`/api/v1/ledgers/${encodeURIComponent(name)}.csv`, query)} download>
      Save as CSV
    </a>
    {name === "calendar" && (
      <a class="button" href="/api/v1/ledgers/calendar.ics" download>
        Save for a calendar (.ics)
      </a>
    )}
  </>
);
