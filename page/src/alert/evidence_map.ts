/** The track of an alert on the map, with what it passed over, its start and end, and the moment that is read. */

import { useEffect } from "preact/hooks";
import type { Alert, Schemas } from "../api/client";
import type { BoundsDeg } from "../map/camera";
import { lay, type OverlayLine, type OverlayMark } from "../map/overlay";
import { fitOnce } from "../parts/fit_once";
import type { Span } from "../parts/scales";
import { timeOf } from "../words";
import { alertSpan } from "./evidence_plot";

type Evidence = Schemas["Evidence"];
type LonLat = [number, number];

export function useTrackOnMap(evidence: Evidence, alert: Alert, at: number | null): void {
  useEffect(() => {
    const span = alertSpan(alert);
    lay("alert-track", { lines: linesOf(evidence, span), marks: marksOn(evidence, span, alert) });
    fitOnce(`alert/${alert.id}`, boundsOf(placesWithin(evidence, span), alert));
  }, [evidence, alert]);
  useEffect(() => {
    const [lonDeg, latDeg] = [evidence.lon_deg[at ?? -1], evidence.lat_deg[at ?? -1]];
    if (at === null || lonDeg === undefined || latDeg === undefined) return lay("alert-moment", null);
    const label = timeOf(Date.parse(evidence.times[at] ?? ""));
    lay("alert-moment", { marks: [{ lonDeg, latDeg, label, token: "accent", shape: "dot" }] });
  }, [evidence, at]);
  useEffect(
    () => () => {
      lay("alert-track", null);
      lay("alert-moment", null);
    },
    [],
  );
}

/** The track: bold during the alert, thin before and after, dashed where nothing was heard. */
export function linesOf(evidence: Evidence, span: Span): OverlayLine[] {
  const gaps = evidence.gaps.map((gap) => [Date.parse(gap.since), Date.parse(gap.until)] as const);
  const lines: OverlayLine[] = [];
  let look = "";
  for (let i = 1; i < evidence.times.length; i++) {
    const [from, until] = [Date.parse(evidence.times[i - 1] ?? ""), Date.parse(evidence.times[i] ?? "")];
    const silent = gaps.some(([since, to]) => since < until && to > from);
    const during = until > span.fromMs && from < span.untilMs;
    const now = silent ? "silent" : during ? "during" : "around";
    if (now !== look) lines.push(lineOf(now, placeAt(evidence, i - 1)));
    look = now;
    lines.at(-1)?.lonLatDeg.push(placeAt(evidence, i));
  }
  return lines;
}

function lineOf(look: string, first: LonLat): OverlayLine {
  if (look === "silent") return { lonLatDeg: [first], token: "map-track", widthPx: 1.5, dashed: true };
  return { lonLatDeg: [first], token: "map-track", widthPx: look === "during" ? 4 : 1.5 };
}

function marksOn(evidence: Evidence, span: Span, alert: Alert): OverlayMark[] {
  const marks = evidence.crossings.map(
    (crossing, i): OverlayMark => ({
      lonDeg: crossing.lon_deg,
      latDeg: crossing.lat_deg,
      label: `×${i + 1} ${timeOf(Date.parse(crossing.time), false)}`,
      token: "alarm",
      shape: "cross",
    }),
  );
  const times = evidence.times.map((t) => Date.parse(t));
  const first = times.findIndex((ms) => ms >= span.fromMs);
  const last = times.findLastIndex((ms) => ms <= span.untilMs);
  if (first >= 0) marks.push(edge(evidence, first, "start"));
  if (last >= 0) marks.push(edge(evidence, last, alert.status === "open" ? "so far" : "end"));
  return marks;
}

function edge(evidence: Evidence, i: number, word: string): OverlayMark {
  const [lonDeg, latDeg] = placeAt(evidence, i);
  return {
    lonDeg,
    latDeg,
    label: `${word} ${timeOf(Date.parse(evidence.times[i] ?? ""), false)}`,
    token: "warning",
    shape: "ring",
  };
}

const placeAt = (evidence: Evidence, i: number): LonLat => [evidence.lon_deg[i] ?? 0, evidence.lat_deg[i] ?? 0];

const placesWithin = (evidence: Evidence, span: Span): LonLat[] =>
  evidence.times.flatMap((t, i) => {
    const ms = Date.parse(t);
    return ms >= span.fromMs && ms <= span.untilMs ? [placeAt(evidence, i)] : [];
  });

/** What to look at: the alert's part of the track, else where the alert is; null = it has no place. */
export function boundsOf(places: readonly LonLat[], alert: Alert): BoundsDeg | null {
  const all: LonLat[] = places.length || !alert.position ? [...places] : [[alert.position.lon, alert.position.lat]];
  const [firstLon] = all[0] ?? [];
  if (firstLon === undefined) return null;
  // Across the date line the track goes on beyond 180, as it does on the map.
  const lons = all.map(([lon]) => lon + (lon - firstLon > 180 ? -360 : lon - firstLon < -180 ? 360 : 0));
  const lats = all.map(([, lat]) => lat);
  const marginDeg = 0.03; // 2 nm: a vessel that lies still is not looked at from the masthead
  return [
    Math.min(...lons) - marginDeg,
    Math.max(-89, Math.min(...lats) - marginDeg),
    Math.max(...lons) + marginDeg,
    Math.min(89, Math.max(...lats) + marginDeg),
  ];
}
