/** Where feeds hear, as cells on the map, while it is asked for. Silence means something only there. */

import { useEffect } from "preact/hooks";
import { api, told } from "../api/client";
import { lay } from "../map/overlay";
import { Answer, useAsked } from "../parts/asked";
import { ask, place } from "../state/url";
import { pictureMs } from "../state/watch";
import { countOf, momentOf } from "../words";
import { type Coverage, cellsOf, HOURS, type Hours, summaryOf } from "./coverage";

const ASKED_EVERY_S = 60;

const hoursAsked = (): Hours | null => HOURS.find((hours) => String(hours) === place.value.query.get("heard")) ?? null;

export const CoverageChoice = ({ feed }: { feed: string | null }) => {
  const hours = hoursAsked();
  const choose = (chosen: Hours | null): void => ask({ heard: chosen === null ? null : String(chosen) }, "push");
  return (
    <section aria-labelledby="coverage">
      <h3 id="coverage">{feed === null ? "Where they hear" : "Where it hears"}</h3>
      <div class="choices">
        <button type="button" aria-pressed={hours === null} onClick={() => choose(null)}>
          Off
        </button>
        {HOURS.map((choice) => (
          <button key={choice} type="button" aria-pressed={choice === hours} onClick={() => choose(choice)}>
            {choice} h
          </button>
        ))}
      </div>
      {hours === null ? (
        <p class="quiet">
          Shows on the map where vessels were heard. A vessel that is silent elsewhere is not missing.
        </p>
      ) : (
        <Shown feed={feed} hours={hours} />
      )}
    </section>
  );
};

const Shown = ({ feed, hours }: { feed: string | null; hours: Hours }) => {
  const asked = useAsked(
    (signal) =>
      told(api.GET("/api/v1/feeds/coverage", { params: { query: { hours, ...(feed ? { feed } : {}) } }, signal })),
    `${feed} ${hours}`,
    ASKED_EVERY_S,
  );
  return (
    <Answer asked={asked} what="coverage">
      {(coverage) => <OnMap coverage={coverage} />}
    </Answer>
  );
};

const OnMap = ({ coverage }: { coverage: Coverage }) => {
  const nowMs = pictureMs.peek() ?? Date.now();
  useEffect(() => {
    lay("coverage", { cells: cellsOf(coverage, pictureMs.peek() ?? Date.now()) });
    return () => lay("coverage", null);
  }, [coverage]);
  const { heard, silent, lastMs } = summaryOf(coverage, nowMs);
  if (!heard) return <p class="outage">Nothing was heard anywhere in the last {coverage.hours} h.</p>;
  return (
    <>
      <ul class="chart-legend" aria-label="What the map shows">
        <li>
          <i class="cell weak" />
          <i class="cell middle" />
          <i class="cell strong" /> 1, 5, 30 or more vessels in ten minutes
        </li>
        <li>
          <i class="cell fallen" /> usually heard, silent now
        </li>
        <li>nothing drawn: not heard, silence there means nothing</li>
      </ul>
      <p>
        {countOf(heard)} cells of the sea were heard in the last {coverage.hours} h, the newest up to {momentOf(lastMs)}
        .{" "}
        {silent > 0 &&
          `${countOf(silent)} of them are usually heard and have been silent for 40 min or more: a receiver may be gone.`}
      </p>
    </>
  );
};
