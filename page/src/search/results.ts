/** What was found, in groups, as rows that lead somewhere. */

import type { Level } from "../api/client";
import { assetKindOf, nameOf } from "../asset/asset_words";
import { pathOf } from "../state/url";
import { dayOf, kindOf, STATE, timeOf } from "../words";
import type { Found } from "./searching";

export interface Row {
  key: string;
  path: string;
  /** From the air or a file: shown in <bdi>. */
  name: string;
  /** Our own words. */
  about: string;
  level: Level | null;
}

export interface Group {
  title: string;
  rows: Row[];
}

/** Groups that have anything, in the order of the page: alerts are what an officer mostly looks for by a name. */
export function groupsOf(found: Found): Group[] {
  const groups: Group[] = [
    { title: "Vessels", rows: found.vessels.map(vesselRow) },
    { title: "Alerts", rows: found.alerts.map(alertRow) },
    { title: "Assets", rows: found.assets.map(assetRow) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

function vesselRow(vessel: Found["vessels"][number]): Row {
  const said = [
    `MMSI ${vessel.mmsi}`,
    vessel.imo ? `IMO ${vessel.imo}` : "",
    vessel.flag,
    vessel.ship_class === "unknown" ? "" : vessel.ship_class,
    vessel.place ? "" : "no position",
  ];
  return {
    key: `vessel-${vessel.mmsi}`,
    path: pathOf("vessels", vessel.mmsi),
    name: nameOf(vessel.name, "(no name)"),
    about: said.filter(Boolean).join(", "),
    level: vessel.level,
  };
}

function alertRow({ alert, work }: Found["alerts"][number]): Row {
  const raisedMs = Date.parse(alert.raised);
  return {
    key: `alert-${alert.id}`,
    path: pathOf("alerts", alert.id),
    name: alert.vessel.name || (alert.vessel.mmsi ? `MMSI ${alert.vessel.mmsi}` : alert.id),
    about: `${kindOf(alert.kind)}, ${STATE[work.state]}, ${dayOf(raisedMs)} ${timeOf(raisedMs, false)} UTC`,
    level: alert.level,
  };
}

function assetRow(asset: Found["assets"][number]): Row {
  return {
    key: `asset-${asset.id}`,
    path: pathOf("assets", asset.id),
    name: nameOf(asset.name, asset.id),
    about: assetKindOf(asset.kind),
    level: null,
  };
}

/** Index of the row after or before, around the ends; -1 = none is chosen. */
export function stepped(at: number, step: 1 | -1, count: number): number {
  if (!count) return -1;
  if (at < 0) return step > 0 ? 0 : count - 1;
  return (at + step + count) % count;
}

/** "nothing found" as one sentence that says what was looked through. */
export const nothingFor = (q: string): string =>
  `Nothing found for “${q}”. Looked for in the names, call signs, MMSI and IMO numbers of vessels, the names of assets, and the words of alerts, open and closed.`;
