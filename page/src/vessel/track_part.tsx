/** Where a vessel was: on the map, and as speed and course over time. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { api, told } from "../api/client";
import { lay } from "../map/overlay";
import { Answer, useAsked } from "../parts/asked";
import { fitOnce } from "../parts/fit_once";
import type { PlotMark } from "../parts/time_plot";
import { TimePlot } from "../parts/time_plot";
import { boundsOf, linesOf } from "../parts/track_lines";
import { place } from "../state/url";
import { pictureMs } from "../state/watch";
import { showTime } from "../time/shown";
import { momentOf, timeOf } from "../words";
import { askedSpan, type Choice, type PlottedTrack, panesOf, plottedOf, readingOf } from "./track";

const CHOICES: [Choice, string][] = [
  ["1", "1 h"],
  ["6", "6 h"],
  ["24", "24 h"],
];
const EVERY_S = 60;
const STEP_MS = 1_800_000; // while an hour is played: asked again each half hour of it
const MOST_PLACES = 2000; // as many as the plot has pixels, and more

export const TrackPart = ({ mmsi, lastHeard }: { mmsi: number; lastHeard: string | null }) => {
  const shown = place.value.query.get("t");
  const shownMs = shown ? Date.parse(shown) : Number.NaN;
  const hasTime = Number.isFinite(shownMs);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const choice = chosen === "around" && !hasTime ? "6" : (chosen ?? (hasTime ? "around" : "6"));
  const asked = useAsked(
    async (stop) => {
      const lastMs = lastHeard ? Date.parse(lastHeard) : null;
      const nowMs = pictureMs.peek() ?? lastMs ?? Date.now();
      const span = askedSpan(choice, nowMs, lastMs, hasTime ? shownMs : null);
      return { span, track: plottedOf(await trackOf(mmsi, span.fromMs, span.untilMs, stop)) };
    },
    `${mmsi}/${choice}/${choice === "around" ? Math.round(shownMs / STEP_MS) : ""}`,
    choice === "around" ? 0 : EVERY_S,
  );
  return (
    <section class="part" aria-labelledby="track-title">
      <h3 id="track-title">Where it was</h3>
      <fieldset class="row" aria-label="Time shown">
        {CHOICES.map(([hours, words]) => (
          <button key={hours} type="button" aria-pressed={choice === hours} onClick={() => setChosen(hours)}>
            {words}
          </button>
        ))}
        {hasTime && (
          <button type="button" aria-pressed={choice === "around"} onClick={() => setChosen("around")}>
            3 h about {timeOf(shownMs, false)}
          </button>
        )}
      </fieldset>
      <Answer asked={asked} what="track">
        {({ span, track }) => <TrackPlot mmsi={mmsi} span={span} track={track} shownMs={hasTime ? shownMs : null} />}
      </Answer>
    </section>
  );
};

interface Plotted {
  mmsi: number;
  span: { fromMs: number; untilMs: number };
  track: PlottedTrack;
  shownMs: number | null;
}

const TrackPlot = ({ mmsi, span, track, shownMs }: Plotted) => {
  const [at, setAt] = useState<number | null>(null);
  useTrackOnMap(mmsi, track, at);
  const panes = useMemo(() => panesOf(track), [track]);
  const marks: PlotMark[] = shownMs === null ? [] : [{ atMs: shownMs, label: "time shown", look: "shown" }];
  if (track.timesMs.length < 2)
    return (
      <p>
        {track.timesMs.length ? "One report only" : "Nothing was heard of it"} from {momentOf(span.fromMs)} to{" "}
        {momentOf(span.untilMs)}.
      </p>
    );
  return (
    <>
      <p class="quiet">
        {momentOf(track.timesMs[0] ?? 0)} to {momentOf(track.timesMs.at(-1) ?? 0)}
      </p>
      <TimePlot
        label="Speed and course over time"
        timesMs={track.timesMs}
        span={span}
        panes={panes}
        gaps={track.gaps}
        bands={track.gaps.map((gap) => ({ ...gap, look: "gap" }))}
        marks={marks}
        read={(i) => readingOf(track, i)}
        onRead={setAt}
        onChoose={showTime}
      />
      {track.thinned && <p class="quiet">Drawn with an even choice of its reports: there are more.</p>}
    </>
  );
};

function useTrackOnMap(mmsi: number, track: PlottedTrack, at: number | null): void {
  useEffect(() => {
    const first = track.lonLatDeg[0];
    const label = `from ${timeOf(track.timesMs[0] ?? 0, false)}`;
    lay("vessel-track", {
      lines: linesOf(track, null),
      marks: first ? [{ lonDeg: first[0], latDeg: first[1], label, token: "map-track", shape: "ring" }] : [],
    });
    fitOnce(`vessel/${mmsi}`, boundsOf(track.lonLatDeg));
  }, [mmsi, track]);
  useEffect(() => {
    const here = at === null ? undefined : track.lonLatDeg[at];
    if (at === null || !here) return lay("vessel-moment", null);
    const label = timeOf(track.timesMs[at] ?? 0);
    lay("vessel-moment", { marks: [{ lonDeg: here[0], latDeg: here[1], label, token: "accent", shape: "dot" }] });
  }, [track, at]);
  useEffect(
    () => () => {
      lay("vessel-track", null);
      lay("vessel-moment", null);
    },
    [],
  );
}

async function trackOf(mmsi: number, fromMs: number, untilMs: number, stop: AbortSignal) {
  const query = { since: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString(), limit: MOST_PLACES };
  const track = await told(
    api.GET("/api/v1/vessels/{mmsi}/track", { params: { path: { mmsi }, query }, signal: stop }),
  );
  if (!("geometry" in track)) throw new Error("The watch answered with another form of track");
  return track;
}
