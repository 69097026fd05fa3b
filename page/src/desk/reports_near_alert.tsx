/** On the page of an alert: what was said of its assets about that time. It says nothing of the vessel. */

import type { Alert } from "../api/client";
import { useAsked } from "../parts/asked";
import { reportsOf } from "./ask";
import "./desk.css";
import type { Report } from "./records";
import { ReportRow } from "./report_row";

const BEFORE_MS = 2 * 86_400_000;
const AFTER_MS = 7 * 86_400_000; // the press is later than the sea
const MOST_ASSETS = 5;

export const ReportsNearAlert = ({ alert }: { alert: Alert }) => {
  const assets = alert.assets.slice(0, MOST_ASSETS).map(({ id }) => id);
  const key = `${assets.join(" ")} ${alert.raised}`;
  const near = useAsked((stop) => nearOf(assets, Date.parse(alert.raised), stop), key);
  if (!near.data?.length) return null;
  return (
    <section class="part" aria-labelledby="near-reports">
      <h3 id="near-reports">Reports of its assets, about that time</h3>
      <p class="quiet">They never change the level of an alert.</p>
      <ul class="link-rows">
        {near.data.map((report) => (
          <li key={report.id}>
            <ReportRow report={report} />
          </li>
        ))}
      </ul>
    </section>
  );
};

async function nearOf(assets: readonly string[], raisedMs: number, stop: AbortSignal): Promise<Report[]> {
  if (!assets.length || !Number.isFinite(raisedMs)) return [];
  const stamp = (ms: number): string => new Date(ms).toISOString();
  const query = { since: stamp(raisedMs - BEFORE_MS), until: stamp(raisedMs + AFTER_MS), limit: 5 };
  const pages = await Promise.all(assets.map((asset) => reportsOf({ ...query, asset }, stop)));
  return [...new Map(pages.flatMap(({ reports }) => reports).map((report) => [report.id, report])).values()];
}
