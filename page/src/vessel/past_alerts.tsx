/** All alerts there ever were about a vessel, a page at a time, newest first. */

import { useState } from "preact/hooks";
import { api, type Level as LevelName, type Schemas, told } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { Level } from "../parts/level";
import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { countOf, kindOf, LEVELS, STATE } from "../words";

const PAGE = 20;
type Counts = Schemas["LevelCounts"];

export const PastAlerts = ({ mmsi, counts }: { mmsi: number; counts: Counts | null }) => {
  const [level, setLevel] = useState<LevelName | null>(null);
  // Where each page begins; the last one is shown.
  const [begins, setBegins] = useState<(string | null)[]>([null]);
  const after = begins.at(-1) ?? null;
  const asked = useAsked((stop) => {
    const query = { mmsi, limit: PAGE, ...(after ? { after } : {}), ...(level ? { level: [level] } : {}) };
    return told(api.GET("/api/v1/alerts", { params: { query }, signal: stop }));
  }, `${mmsi}/${level}/${after}`);
  const choose = (chosen: LevelName | null): void => {
    setLevel(chosen);
    setBegins([null]);
  };
  const total = counts && (level ? counts[level] : counts.alarm + counts.warning + counts.caution);
  const first = (begins.length - 1) * PAGE;
  return (
    <section class="part" aria-labelledby="past-title">
      <h3 id="past-title">
        All alerts about it{counts ? `: ${countOf(counts.alarm + counts.warning + counts.caution)}` : ""}
      </h3>
      <fieldset class="row" aria-label="Level">
        <button type="button" aria-pressed={level === null} onClick={() => choose(null)}>
          all
        </button>
        {LEVELS.map((name) => (
          <button key={name} type="button" aria-pressed={level === name} onClick={() => choose(name)}>
            {name}
            {counts && ` ${countOf(counts[name])}`}
          </button>
        ))}
      </fieldset>
      <Answer asked={asked} what="list of alerts">
        {({ alerts, next }) => (
          <>
            <AlertTable alerts={alerts} />
            {(begins.length > 1 || next) && (
              <div class="row">
                <button type="button" disabled={begins.length === 1} onClick={() => setBegins(begins.slice(0, -1))}>
                  Newer
                </button>
                <span>
                  {countOf(first + 1)} to {countOf(first + alerts.length)}
                  {total !== null && ` of ${countOf(Math.max(total, first + alerts.length))}`}
                </span>
                <button type="button" disabled={!next} onClick={() => next && setBegins([...begins, next])}>
                  Older
                </button>
              </div>
            )}
          </>
        )}
      </Answer>
    </section>
  );
};

const AlertTable = ({ alerts }: { alerts: readonly Schemas["Item"][] }) =>
  alerts.length === 0 ? (
    <p>None.</p>
  ) : (
    <table class="small">
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col">Alert</th>
          <th scope="col">Raised (UTC)</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map(({ alert, work }) => (
          <tr key={alert.id}>
            <td>
              <Level level={alert.level} />
            </td>
            <td>
              <a class="tall" href={hrefOf(pathOf("alerts", alert.id))}>
                {kindOf(alert.kind)}
              </a>
              <small>
                {alert.status === "open" ? "going on" : alert.status}, {STATE[work.state]}
                {work.disposition && ` as ${work.disposition.replaceAll("_", " ")}`}
              </small>
            </td>
            <td>
              <Moment at={alert.raised} day />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
