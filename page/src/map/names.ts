/** Names beside vessels: those with alerts, those chosen, and at close range all of them. */

import type { Feature } from "geojson";
import { colour, look } from "../look/look";
import { items } from "../state/alerts";
import { live, names, replayed, type VesselColumns } from "../state/picture";
import { askNames } from "../state/sighting";
import { shownBounds } from "./camera";
import type { Chart } from "./chart";
import { chosen } from "./chosen";
import { placeNow } from "./fleet/reckon";
import { LEVEL_TOKENS } from "./paint";
import { hidden } from "./shown";

const CLOSE_ZOOM = 9.5;
const MOST_ALERTED = 60; // more would cover each other
const MOST = 200;
const EVERY_MS = 1000;
const LONGEST = 30; // characters; AIS has 20

export function showNames(chart: Chart): void {
  let timer = 0;
  let wereAny = false;
  const write = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(write, EVERY_MS);
    if (document.hidden) return;
    const features = hidden.peek().has("names") ? [] : labels(chart);
    if (features.length || wereAny) chart.put("names", { type: "FeatureCollection", features });
    wereAny = features.length > 0;
  };
  chart.follow(() => {
    look.value;
    hidden.value;
    chosen.value;
    chart.moved.value;
    replayed.value;
    clearTimeout(timer);
    timer = window.setTimeout(write, 50); // several of them change at once
  });
  chart.map.once("remove", () => clearTimeout(timer));
}

function labels({ map, fleet }: Chart): Feature[] {
  const c = fleet.columns;
  if (!c || !(live.peek() || replayed.peek())) return [];
  const rows = rowsOf(c, map.getZoom() >= CLOSE_ZOOM);
  const said = new Map([...items.peek().values()].map(({ alert }) => [alert.vessel.mmsi, alert.vessel.name]));
  const nameOf = (mmsi: number): string => names.peek().get(mmsi) ?? said.get(mmsi) ?? "";
  askNames(rows.map((row) => c.mmsi[row]!).filter((mmsi) => !nameOf(mmsi)));
  return rows.flatMap((row): Feature[] => {
    const name = nameOf(c.mmsi[row]!);
    if (!name) return [];
    const level = c.silenced[row] ? 0 : c.level[row]!;
    return [
      {
        type: "Feature",
        geometry: { type: "Point", coordinates: placeNow(c, row, fleet.sinceS()) },
        properties: { name: name.slice(0, LONGEST), level, colour: colour(LEVEL_TOKENS[level] ?? "map-text") },
      },
    ];
  });
}

/** Alerts and what is chosen first; then, at close range, the others in the view. */
function rowsOf(c: VesselColumns, isClose: boolean): number[] {
  const { vessels } = chosen.peek();
  const [first, alerted, others]: number[][] = [[], [], []] as [number[], number[], number[]];
  for (let row = 0; row < c.count; row++) {
    if (vessels.has(c.mmsi[row]!)) first!.push(row);
    else if (c.level[row]! > 0 && !c.silenced[row]) alerted!.push(row);
    else if (isClose && others!.length < MOST && isInView(c, row)) others!.push(row);
  }
  alerted!.sort((a, b) => c.level[b]! - c.level[a]!);
  return [...first!, ...alerted!.slice(0, MOST_ALERTED), ...others!].slice(0, MOST);
}

function isInView(c: VesselColumns, row: number): boolean {
  const bounds = shownBounds.peek();
  if (!bounds) return false;
  const [west, south, east, north] = bounds;
  const [lon, lat] = [c.lonDeg[row]!, c.latDeg[row]!];
  const isBetween = west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
  return isBetween && lat >= south && lat <= north;
}
