/** The track of a vessel as it is plotted and drawn: silences, spans of time, readings. */

import type { Schemas } from "../api/client";
import type { Span } from "../parts/scales";
import type { Pane } from "../parts/time_plot";
import type { LonLat, TrackPlaces } from "../parts/track_lines";
import { bearingOf, speedOf, timeOf } from "../words";

export type Track = Schemas["Track"];

const MIN_MS = 60_000;
const HOUR_MS = 60 * MIN_MS;
// As the evidence of alerts has it: class A reports at least every 3 minutes (ITU-R M.1371, table 1), and a silence is
// one of ten minutes or more where the track is usually denser than that.
export const SILENT_MS = 10 * MIN_MS;
const TIMES_USUAL = 6;

export interface PlottedTrack extends TrackPlaces {
  sogKn: (number | null)[];
  cogDeg: (number | null)[];
  headingDeg: (number | null)[];
  thinned: boolean;
}

export function plottedOf(track: Track): PlottedTrack {
  const { properties, geometry } = track;
  const places = geometry?.type === "LineString" ? geometry.coordinates : geometry ? [geometry.coordinates] : [];
  const timesMs = properties.times.map((t) => Date.parse(t));
  return {
    timesMs,
    lonLatDeg: places.map(([lon = 0, lat = 0]): LonLat => [lon, lat]),
    gaps: gapsOf(timesMs),
    sogKn: [...properties.sog_kn],
    cogDeg: [...properties.cog_deg],
    headingDeg: [...properties.heading_deg],
    thinned: properties.thinned,
  };
}

/** Silences: ten minutes or more, and far longer than usual on this track. */
export function gapsOf(timesMs: readonly number[]): Span[] {
  const steps = timesMs.slice(1).map((ms, i) => ms - (timesMs[i] ?? ms));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const least = Math.max(SILENT_MS, TIMES_USUAL * usual);
  return steps.flatMap((step, i) => (step > least ? [{ fromMs: timesMs[i] ?? 0, untilMs: timesMs[i + 1] ?? 0 }] : []));
}

export type Choice = "1" | "6" | "24" | "around";

/** From when to when is asked: hours before now, or before it was last heard if that is longer ago; or about a time. */
export function askedSpan(choice: Choice, nowMs: number, lastHeardMs: number | null, shownMs: number | null): Span {
  if (choice === "around") {
    const middle = shownMs ?? lastHeardMs ?? nowMs;
    return { fromMs: middle - 3 * HOUR_MS, untilMs: middle + 3 * HOUR_MS };
  }
  const spanMs = Number(choice) * HOUR_MS;
  const gone = lastHeardMs !== null && nowMs - lastHeardMs > spanMs;
  const untilMs = gone ? lastHeardMs : nowMs;
  return { fromMs: untilMs - spanMs, untilMs };
}

export function panesOf(track: PlottedTrack): Pane[] {
  const turns = track.headingDeg.some((deg) => deg !== null);
  return [
    {
      title: "Speed, knots",
      heightPx: 110,
      holds: [0],
      lines: [{ name: "speed", values: track.sogKn, look: "measured" }],
    },
    {
      title: turns ? "Heading, and course over ground (dashed), degrees" : "Course over ground, degrees",
      heightPx: 84,
      ticks: [0, 90, 180, 270, 360],
      lines: [
        ...(turns ? [{ name: "heading", values: track.headingDeg, look: "measured" as const, mostStep: 180 }] : []),
        { name: "course", values: track.cogDeg, look: turns ? "usual" : "measured", mostStep: 180 },
      ],
    },
  ];
}

/** "10:26:05 UTC: 8.9 kn, course 084°, heading 090°". */
export function readingOf(track: PlottedTrack, i: number): string {
  const heading = track.headingDeg[i];
  return [
    `${timeOf(track.timesMs[i] ?? Number.NaN)} UTC: ${speedOf(track.sogKn[i])}`,
    `course ${bearingOf(track.cogDeg[i])}`,
    heading === null || heading === undefined ? "no heading" : `heading ${bearingOf(heading)}`,
  ].join(", ");
}
