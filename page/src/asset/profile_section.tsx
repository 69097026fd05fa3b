/** How the asset is: open alerts, outages, and traffic and threat along its kilometre points over a day or a week. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { api, told } from "../api/client";
import { flyTo } from "../map/camera";
import { lay } from "../map/overlay";
import { Answer, useAsked } from "../parts/asked";
import { items } from "../state/alerts";
import { ask, place } from "../state/url";
import { shownMs } from "../time/shown";
import { momentOf } from "../words";
import { AssetState } from "./asset_state";
import { binAt, binWords, levelsAlong, type Profile, profileWords } from "./profile";
import { ProfileChart } from "./profile_chart";
import { ProfileTable } from "./profile_table";

const DAYS = { "1": "24 h", "7": "7 days" } as const;
type Days = keyof typeof DAYS;
const DAY_MS = 86_400_000;
/** The map is drawn anew for a mark: not for each of the kilometres that a pointer runs over. */
const REST_MS = 50;
const ASKED_EVERY_S = 120; // it takes the watch up to two seconds; a day of traffic changes slowly
const STEP_MS = 600_000; // while an earlier time is played, it is asked for each ten minutes of it

export const ProfileSection = ({ id, isLine }: { id: string; isLine: boolean }) => {
  const days: Days = place.value.query.get("days") === "7" ? "7" : "1";
  const until = shownMs.value === null ? null : Math.ceil(shownMs.value / STEP_MS) * STEP_MS;
  const asked = useAsked(
    (signal) => profileOf(id, days, until, signal),
    `${id} ${days} ${until}`,
    until ? 0 : ASKED_EVERY_S,
  );
  return (
    <>
      <AssetState id={id} profile={asked.data} />
      <section aria-labelledby="profile-head">
        <div class="section-head">
          <h3 id="profile-head">{isLine ? "Along it" : "Around it"}</h3>
          {(Object.keys(DAYS) as Days[]).map((choice) => (
            <button
              key={choice}
              type="button"
              aria-pressed={choice === days}
              onClick={() => ask({ days: choice === "1" ? null : choice }, "push")}
            >
              {DAYS[choice]}
            </button>
          ))}
        </div>
        <Answer asked={asked} what="profile">
          {(profile) => <Along profile={profile} />}
        </Answer>
      </section>
    </>
  );
};

async function profileOf(id: string, days: Days, untilMs: number | null, signal: AbortSignal): Promise<Profile> {
  // Nothing said = the 24 hours up to now of the watch, whose clock is the one that counts.
  const now = untilMs ?? (days === "1" ? null : await watchNowMs(signal));
  const span =
    now === null
      ? {}
      : { since: new Date(now - Number(days) * DAY_MS).toISOString(), until: new Date(now).toISOString() };
  return told(
    api.GET("/api/v1/assets/{asset_id}/profile", { params: { path: { asset_id: id }, query: span }, signal }),
  );
}

const watchNowMs = async (signal: AbortSignal): Promise<number> =>
  Date.parse((await told(api.GET("/api/v1/status", { signal }))).time);

const Along = ({ profile }: { profile: Profile }) => {
  const [pointed, setPointed] = useState(-1);
  const kept = place.value.query.get("km");
  const at = pointed >= 0 ? pointed : kept === null ? -1 : binAt(profile, Number(kept));
  const bin = profile.bins[at];
  const known = items.value;
  const levels = useMemo(() => levelsAlong(profile, known.values()), [profile, known]);
  useEffect(() => {
    const timer = setTimeout(() => lay("asset-km", bin ? { marks: [markOf(bin)] } : null), REST_MS);
    return () => clearTimeout(timer);
  }, [bin]);
  useEffect(() => () => lay("asset-km", null), []);
  const keep = (chosen: number): void => {
    setPointed(-1);
    ask({ km: profile.bins[chosen] ? String(profile.bins[chosen].kp_km) : null });
  };
  return (
    <>
      <p class="quiet">
        {momentOf(Date.parse(profile.since))} to {momentOf(Date.parse(profile.until))}.
      </p>
      <p>{profileWords(profile)}</p>
      {profile.bins.length > 0 && (
        <>
          <ProfileChart profile={profile} levels={levels} at={at} point={setPointed} keep={keep} />
          <p class="reading">
            {bin ? binWords(profile, bin) : "Point at a kilometre, or use the arrow keys: it is marked on the map."}
          </p>
          <p>
            <button type="button" disabled={!bin} onClick={() => bin && flyTo(bin.lon_deg, bin.lat_deg, 11)}>
              Go there on the map
            </button>
          </p>
          <ProfileTable profile={profile} />
        </>
      )}
      {profile.bins.length > 0 && profile.note && <p class="quiet">{profile.note}</p>}
    </>
  );
};

const markOf = (bin: Profile["bins"][number]) => ({
  lonDeg: bin.lon_deg,
  latDeg: bin.lat_deg,
  label: `km ${bin.kp_km.toFixed(1)}`,
  token: "accent",
  shape: "ring" as const,
});
