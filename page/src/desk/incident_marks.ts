/** Incidents that are open, as marks on the map: a hollow lozenge and a word, no level and no colour of one. */

import { useEffect } from "preact/hooks";
import { lay } from "../map/overlay";
import { hidden } from "../map/shown";
import { useAsked } from "../parts/asked";
import { incidentsOf } from "./ask";
import { isOpen } from "./incident_words";
import type { Incident } from "./records";

const ASKED_EVERY_S = 60;

/** Draws nothing itself. */
export const IncidentMarks = () => {
  const known = useAsked(incidentsOf, "incidents", ASKED_EVERY_S);
  const isShown = !hidden.value.has("incidents");
  useEffect(() => {
    lay("incidents", { marks: isShown ? marksOf(known.data ?? []) : [] });
    return () => lay("incidents", null);
  }, [known.data, isShown]);
  return null;
};

const WORDS: Record<string, string> = {
  reported: "reported",
  noticed: "outage noticed",
  observed: "incident",
};

export const marksOf = (incidents: readonly Incident[]) =>
  incidents.flatMap((incident) => {
    const { lon_deg: lonDeg, lat_deg: latDeg } = incident;
    if (!isOpen(incident) || lonDeg === null || latDeg === null) return [];
    const label = Object.hasOwn(WORDS, incident.state) ? WORDS[incident.state]! : "reported";
    return [{ lonDeg, latDeg, label, token: "map-text", shape: "lozenge" as const, incident: incident.id }];
  });
