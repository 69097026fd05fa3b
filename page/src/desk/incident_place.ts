/** Where an incident is said to be, on the map while its page is open. */

import { lay } from "../map/overlay";
import { fitAgain, fitOnce } from "../parts/fit_once";
import { boundsOf, ringOf } from "./incident_bounds";
import type { Incident } from "./records";

/** A dashed ring around the place; returns how to take it away. */
export function layIncident(incident: Incident): () => void {
  const bounds = boundsOf(incident);
  fitOnce(`incident ${incident.id}`, bounds);
  if (bounds) lay("incident", { lines: [{ lonLatDeg: ringOf(bounds), token: "ink", widthPx: 1.5, dashed: true }] });
  return () => {
    fitAgain(`incident ${incident.id}`);
    lay("incident", null);
  };
}
