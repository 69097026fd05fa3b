/** All zones: those that ask something of vessels first. */

import "./asset.css";
import { Answer, useAsked } from "../parts/asked";
import { More } from "../parts/more";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { ask, hrefOf, pathOf, place } from "../state/url";
import { countOf } from "../words";
import { nameOf } from "./asset_words";
import { allZones, holds, type Listed, type Zone } from "./chart_lists";
import { rulesInWords } from "./zone_words";

export const ZoneList = () => {
  useOwnWords("find");
  const asked = useAsked(allZones, "zones");
  return (
    <Panel title="Zones">
      <Answer asked={asked} what="list of zones">
        {(listed) => <Zones listed={listed} />}
      </Answer>
      <p>
        <a class="button" href={hrefOf("/assets")}>
          Assets
        </a>
      </p>
    </Panel>
  );
};

const Zones = ({ listed: { all, cut } }: { listed: Listed<Zone> }) => {
  const find = place.value.query.get("find") ?? "";
  const rows = all
    .filter((zone) => holds(find, zone.name, zone.id, zone.zone_kind))
    .map((zone) => ({ zone, rules: rulesInWords(zone.rules) }))
    .sort((a, b) => b.rules.length - a.rules.length || a.zone.name.localeCompare(b.zone.name, "en"));
  return (
    <>
      <label class="find">
        Name, kind, id
        <input type="search" value={find} onInput={(typed) => ask({ find: typed.currentTarget.value || null })} />
      </label>
      <p role="status" class="quiet">
        {countOf(rows.length)} of {countOf(all.length)} zones{cut ? ", and more that are not listed" : ""}.
      </p>
      <More rows={rows}>
        {(shown) => (
          <ul class="link-rows">
            {shown.map(({ zone, rules }) => (
              <li key={zone.id}>
                <a class="asset-row" href={hrefOf(pathOf("zones", zone.id))}>
                  <span class="alert-words">
                    <bdi>{nameOf(zone.name, zone.id)}</bdi>
                    <span class="quiet">
                      {zone.zone_kind.replaceAll("_", " ")}. {rules.join(" ") || "No rules."}
                    </span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </More>
    </>
  );
};
