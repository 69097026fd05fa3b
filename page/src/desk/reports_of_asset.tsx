/** On the page of an asset: what was said of it, incidents, and how much attention that gives it. */

import "./desk.css";
import type { Schemas } from "../api/client";
import { useAsked } from "../parts/asked";
import { hrefOf } from "../state/url";
import { countOf } from "../words";
import { incidentsOf, reportsOf } from "./ask";
import { isOpen } from "./incident_words";
import { IncidentRow } from "./incidents_page";
import { ReportRow } from "./report_row";

const FIRST = 3;

type Said = Pick<Schemas["AssetFeature"]["properties"], "attention" | "attention_why">;

export const ReportsOfAsset = ({ id, said }: { id: string; said: Said }) => {
  const told = useAsked((stop) => reportsOf({ asset: id, limit: FIRST }, stop), id, 120);
  const known = useAsked(incidentsOf, "incidents", 120);
  const incidents = (known.data ?? []).filter(
    (incident) => isOpen(incident) && (incident.asset === id || incident.candidates.includes(id)),
  );
  const total = told.data?.total ?? 0;
  return (
    <section aria-labelledby="asset-reports">
      <h3 id="asset-reports">Reports{told.data ? ` (${countOf(total)})` : ""}</h3>
      <Attention said={said} />
      {incidents.length > 0 && (
        <ul class="link-rows">
          {incidents.map((incident) => (
            <li key={incident.id}>
              <IncidentRow incident={incident} />
            </li>
          ))}
        </ul>
      )}
      {told.data && total === 0 && <p class="quiet">No report that was read names it.</p>}
      {told.trouble && (
        <p class="quiet" role="status">
          Not told: {told.trouble}
        </p>
      )}
      <ul class="link-rows">
        {(told.data?.reports ?? []).map((report) => (
          <li key={report.id}>
            <ReportRow report={report} />
          </li>
        ))}
      </ul>
      {total > FIRST && (
        <a class="button" href={aboutHref(id)}>
          All {countOf(total)} reports
        </a>
      )}
    </section>
  );
};

/** How much is said of it, from 0 to 1; it fades by itself. */
const Attention = ({ said: { attention, attention_why: why } }: { said: Said }) =>
  attention > 0 ? (
    <p>
      Attention {attention.toFixed(2)} of 1: <bdi>{why.map(({ text }) => text).join("; ")}</bdi>.{" "}
      <span class="quiet">It fades, and no alert depends on it.</span>
    </p>
  ) : null;

/** The stream, about this asset only; where the map looks stays. */
function aboutHref(id: string): string {
  const [path, query] = hrefOf("/reports").split("?");
  const words = new URLSearchParams(query);
  for (const own of ["km", "days"]) words.delete(own);
  words.set("about", id);
  words.set("whole", "1");
  return `${path}?${words}`;
}
