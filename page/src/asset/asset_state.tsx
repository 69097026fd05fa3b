import { useMemo } from "preact/hooks";
import { Level } from "../parts/level";
import { items, loading } from "../state/alerts";
import { countOf, LEVELS, momentOf, positionOf } from "../words";
import { loads } from "./asset_alerts";
import type { Profile } from "./profile";

/** Open alerts by level, and what is known of outages. */
export const AssetState = ({ id, profile }: { id: string; profile: Profile | null }) => {
  const known = items.value;
  const load = useMemo(() => loads(known.values()).get(id), [known, id]);
  return (
    <section aria-labelledby="asset-state">
      <h3 id="asset-state">State</h3>
      {load ? (
        <p class="levels">
          {LEVELS.filter((level) => load.counts[level]).map((level) => (
            <span key={level}>
              <Level level={level} /> {countOf(load.counts[level])} open
            </span>
          ))}
        </p>
      ) : (
        <p>{loading.value === null ? "No open alert names it." : `Open alerts are not known: ${loading.value}`}</p>
      )}
      {profile?.faults.map((fault) => (
        <p key={fault.since + fault.known} class="outage">
          <strong>Outage notice.</strong> It failed between {momentOf(Date.parse(fault.since))} and{" "}
          {momentOf(Date.parse(fault.until))}
          {placeOf(fault)}. Told {momentOf(Date.parse(fault.known))}.
        </p>
      ))}
      {profile && profile.faults.length === 0 && <p class="quiet">No outage notice of it was given to the watch.</p>}
    </section>
  );
};

function placeOf({ lon_deg: lon, lat_deg: lat, radius_km: radius }: Profile["faults"][number]): string {
  if (lon === null || lat === null) return "; where is not said";
  return `, within ${radius === null ? "an unknown distance" : `${countOf(radius)} km`} of ${positionOf(lon, lat)}`;
}
