/** The track of an alert on the map, with what it passed over, its start and end, and the moment that is read. */

import { useEffect } from "preact/hooks";
import type { Alert, Schemas } from "../api/client";
import { lay, type OverlayMark } from "../map/overlay";
import { fitOnce } from "../parts/fit_once";
import type { Span } from "../parts/scales";
import { boundsOf, type LonLat, linesOf, type TrackPlaces } from "../parts/track_lines";
import { timeOf } from "../words";
import { alertSpan } from "./evidence_plot";

type Evidence = Schemas["Evidence"];

export function useTrackOnMap(evidence: Evidence, alert: Alert, at: number | null): void {
  useEffect(() => {
    const span = alertSpan(alert);
    const track = trackOf(evidence);
    lay("alert-track", { lines: linesOf(track, span), marks: marksOn(evidence, track, alert) });
    const within = track.lonLatDeg.filter((_, i) => isWithin(track.timesMs[i] ?? 0, span));
    const places: LonLat[] = within.length || !alert.position ? within : [[alert.position.lon, alert.position.lat]];
    fitOnce(`alert/${alert.id}`, boundsOf(places));
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

const isWithin = (ms: number, span: Span): boolean => ms >= span.fromMs && ms <= span.untilMs;

function trackOf(evidence: Evidence): TrackPlaces {
  return {
    timesMs: evidence.times.map((t) => Date.parse(t)),
    lonLatDeg: evidence.lon_deg.map((lon, i): LonLat => [lon, evidence.lat_deg[i] ?? 0]),
    gaps: evidence.gaps.map((gap) => ({ fromMs: Date.parse(gap.since), untilMs: Date.parse(gap.until) })),
  };
}

function marksOn(evidence: Evidence, track: TrackPlaces, alert: Alert): OverlayMark[] {
  const span = alertSpan(alert);
  const crossed = evidence.crossings.map(
    (crossing, i): OverlayMark => ({
      lonDeg: crossing.lon_deg,
      latDeg: crossing.lat_deg,
      label: `×${i + 1} ${timeOf(Date.parse(crossing.time), false)}`,
      token: "alarm",
      shape: "cross",
    }),
  );
  const first = track.timesMs.findIndex((ms) => ms >= span.fromMs);
  const last = track.timesMs.findLastIndex((ms) => ms <= span.untilMs);
  return [...crossed, ...edge(track, first, "start"), ...edge(track, last, alert.status === "open" ? "so far" : "end")];
}

function edge({ timesMs, lonLatDeg }: TrackPlaces, i: number, word: string): OverlayMark[] {
  const place = lonLatDeg[i];
  if (!place) return [];
  const label = `${word} ${timeOf(timesMs[i] ?? 0, false)}`;
  return [{ lonDeg: place[0], latDeg: place[1], label, token: "warning", shape: "ring" }];
}
