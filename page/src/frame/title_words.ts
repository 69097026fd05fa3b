/** Words for the title of the tab: pure. */

const VIEWS: Record<string, string> = {
  alerts: "Alert",
  vessels: "Vessel",
  assets: "Asset",
  zones: "Zone",
  feeds: "Feeds",
  search: "Search",
  reports: "Reports",
  stories: "Stories",
  ledgers: "Ledgers",
  incidents: "Incidents",
  brief: "Brief",
};

/** Ids of these say nothing to a person. */
const WITHOUT_ID = ["alerts", "reports", "stories", "incidents"];

/** "2 alarms - Anchorwatch", "OLD - Vessel 311900178 - Anchorwatch": what a tab in the background has to say. */
export function titleOf(said: {
  state: string;
  stale: boolean;
  earlier: boolean;
  alarms: number;
  warnings: number;
  name: string;
  id: string;
}): string {
  const parts: string[] = [];
  if (said.stale) parts.push(said.state === "connecting" ? "Connecting" : "OLD");
  else if (said.alarms) parts.push(`${said.alarms} alarm${said.alarms === 1 ? "" : "s"}`);
  else if (said.warnings) parts.push(`${said.warnings} warning${said.warnings === 1 ? "" : "s"}`);
  if (said.earlier) parts.push("Earlier");
  const view = VIEWS[said.name];
  if (view) parts.push(WITHOUT_ID.includes(said.name) || !said.id ? view : `${view} ${said.id}`);
  return [...parts, "Anchorwatch"].join(" - ");
}
