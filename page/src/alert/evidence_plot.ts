/** From the evidence of an alert to panes, bands and marks of a plot, and to the words of a reading. */

import type { Alert, Schemas } from "../api/client";
import type { Span } from "../parts/scales";
import type { Pane, PlotBand, PlotMark } from "../parts/time_plot";
import { bearingOf, speedOf, timeOf } from "../words";

type Evidence = Schemas["Evidence"];

const MIN_MS = 60_000;
// So much before and after the alert that one sees how the vessel went otherwise.
const LEAST_AROUND_MS = 30 * MIN_MS;

export function panesOf(evidence: Evidence): Pane[] {
  const speed: Pane = {
    title: "Speed, knots",
    heightPx: 120,
    holds: [0],
    lines: [
      { name: "speed", values: evidence.sog_kn, look: "measured" },
      { name: "usual speed", values: evidence.baseline_kn, look: "usual" },
    ],
  };
  return [speed, headingPane(evidence)];
}

/** Heading against course where it sends one: a ship that drags is pulled askew. Else the course alone. */
function headingPane(evidence: Evidence): Pane {
  if (evidence.offset_deg.some((offset) => offset !== null)) {
    const most = Math.max(...evidence.offset_deg.map((offset) => Math.abs(offset ?? 0)));
    const end = [15, 30, 60, 90].find((deg) => deg >= most) ?? 180;
    return {
      title: "Heading off the course made good, degrees (+ to starboard)",
      heightPx: 84,
      ticks: [-end, 0, end],
      level: 0,
      lines: [{ name: "heading off course", values: evidence.offset_deg, look: "measured", mostStep: 180 }],
    };
  }
  return {
    title: "Course over ground, degrees (it sends no heading)",
    heightPx: 84,
    ticks: [0, 90, 180, 270, 360],
    lines: [{ name: "course", values: evidence.cog_deg, look: "measured", mostStep: 180 }],
  };
}

export function spansOf(evidence: Evidence, alert: Alert): { whole: Span; around: Span; gaps: Span[] } {
  const first = Date.parse(evidence.times[0] ?? evidence.since);
  const last = Date.parse(evidence.times.at(-1) ?? evidence.until);
  const whole = { fromMs: first, untilMs: Math.max(last, first + MIN_MS) };
  const { fromMs, untilMs } = alertSpan(alert);
  const aroundMs = Math.max(LEAST_AROUND_MS, 0.25 * (untilMs - fromMs));
  const around = { fromMs: Math.max(first, fromMs - aroundMs), untilMs: Math.min(last, untilMs + aroundMs) };
  const gaps = evidence.gaps.map((gap) => ({ fromMs: Date.parse(gap.since), untilMs: Date.parse(gap.until) }));
  return { whole, around: around.untilMs > around.fromMs ? around : whole, gaps };
}

/** From its start to its end; raised may lie after what it is about. */
export function alertSpan(alert: Alert): Span {
  const fromMs = Date.parse(alert.start);
  return { fromMs, untilMs: Math.max(fromMs, Date.parse(alert.end)) };
}

export function bandsOf(alert: Alert, gaps: readonly Span[]): PlotBand[] {
  return [{ ...alertSpan(alert), look: "alert" }, ...gaps.map((gap): PlotBand => ({ ...gap, look: "gap" }))];
}

/** `shown`: the time that the map shows, where it is not now. */
export function marksOf(evidence: Evidence, alert: Alert, shown: string | null): PlotMark[] {
  const { fromMs, untilMs } = alertSpan(alert);
  return [
    ...evidence.crossings.map(
      (crossing, i): PlotMark => ({ atMs: Date.parse(crossing.time), label: `×${i + 1}`, look: "crossing" }),
    ),
    ...(shown ? [{ atMs: Date.parse(shown), label: "shown", look: "shown" } satisfies PlotMark] : []),
    { atMs: fromMs, label: "start", look: "edge" },
    { atMs: untilMs, label: alert.status === "open" ? "so far" : "end", look: "edge" },
    { atMs: Date.parse(alert.raised), label: "raised", look: "raised" },
  ];
}

/** "10:26:05 UTC: speed 8.9 kn, usual 11.0 kn, course 084°, heading 090°, 6° to starboard of it". */
export function reading(evidence: Evidence, index: number): string {
  const usual = evidence.baseline_kn[index];
  const heading = evidence.heading_deg[index];
  const offset = evidence.offset_deg[index];
  return [
    `${timeOf(Date.parse(evidence.times[index] ?? ""))} UTC: speed ${speedOf(evidence.sog_kn[index])}`,
    usual === null || usual === undefined ? "" : `usual ${speedOf(usual)}`,
    `course ${bearingOf(evidence.cog_deg[index])}`,
    heading === null || heading === undefined ? "no heading" : `heading ${bearingOf(heading)}`,
    offset === null || offset === undefined ? "" : besideOf(offset),
  ]
    .filter(Boolean)
    .join(", ");
}

function besideOf(offset: number): string {
  const deg = Math.round(Math.abs(offset));
  return deg === 0 ? "as the course" : `${deg}° to ${offset > 0 ? "starboard" : "port"} of the course`;
}
