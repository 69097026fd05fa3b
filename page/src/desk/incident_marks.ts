/** Incidents that are open, as marks on the map: a hollow hexagon and a word, no level and no colour of one. */

import { useEffect } from "preact/hooks";
import { assets } from "../map/charted";
import { lay } from "../map/overlay";
import { hidden } from "../map/shown";
import { useAsked } from "../parts/asked";
import { incidentsOf } from "./ask";
import { marksOf } from "./incident_bounds";

const ASKED_EVERY_S = 60;

/** Draws nothing itself. */
export const IncidentMarks = () => {
  const known = useAsked(incidentsOf, "incidents", ASKED_EVERY_S);
  const isShown = !hidden.value.has("incidents");
  const charted = assets.value;
  useEffect(() => {
    lay("incidents", { marks: isShown ? marksOf(known.data ?? [], charted) : [] });
    return () => lay("incidents", null);
  }, [known.data, isShown, charted]);
  return null;
};
