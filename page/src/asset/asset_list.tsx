/** All assets, the one in most trouble first. */

import "./asset.css";
import { Answer, useAsked } from "../parts/asked";
import { Level } from "../parts/level";
import { More } from "../parts/more";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { items, loading } from "../state/alerts";
import { ask, hrefOf, pathOf, place } from "../state/url";
import { countOf } from "../words";
import { type Load, loads, worstFirst } from "./asset_alerts";
import { assetKindOf, nameOf } from "./asset_words";
import { type Asset, allAssets, holds, type Listed } from "./chart_lists";

export const AssetList = () => {
  useOwnWords("find", "what", "open");
  const asked = useAsked(allAssets, "assets");
  return (
    <Panel title="Assets">
      <Answer asked={asked} what="list of assets">
        {(listed) => <Assets listed={listed} />}
      </Answer>
      <p>
        <a class="button" href={hrefOf("/zones")}>
          Zones
        </a>
      </p>
    </Panel>
  );
};

type Row = Asset & { load: Load | undefined };

const Assets = ({ listed: { all, cut } }: { listed: Listed<Asset> }) => {
  const find = place.value.query.get("find") ?? "";
  const what = place.value.query.get("what") ?? "";
  const open = place.value.query.get("open") === "1";
  const load = loads(items.value.values());
  const rows: Row[] = all
    .filter((a) => (!what || a.kind === what) && holds(find, a.name, a.id, a.owner, assetKindOf(a.kind)))
    .map((a) => ({ ...a, load: load.get(a.id) }))
    .filter((row) => !open || row.load)
    .sort(worstFirst);
  const kinds = [...new Set(all.map((a) => a.kind))].sort();
  return (
    <>
      <Filter find={find} what={what} open={open} kinds={kinds} />
      <p role="status" class="quiet">
        {countOf(rows.length)} of {countOf(all.length)} assets{cut ? ", and more that are not listed" : ""}.
        {all.length === 0 && " The watch guards nothing: start it with a chart of assets."}
        {loading.value !== null && ` Open alerts are not known: ${loading.value}`}
      </p>
      <More rows={rows}>{(shown) => <AssetTable rows={shown} />}</More>
    </>
  );
};

const Filter = ({ find, what, open, kinds }: { find: string; what: string; open: boolean; kinds: string[] }) => (
  <div class="finds">
    <label class="find">
      Name, owner, id
      <input type="search" value={find} onInput={(typed) => ask({ find: typed.currentTarget.value || null })} />
    </label>
    <label class="find">
      Kind
      <select value={what} onChange={(chosen) => ask({ what: chosen.currentTarget.value || null }, "push")}>
        <option value="">all</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {assetKindOf(kind)}
          </option>
        ))}
      </select>
    </label>
    <button type="button" aria-pressed={open} onClick={() => ask({ open: open ? null : "1" }, "push")}>
      With open alerts
    </button>
  </div>
);

const AssetTable = ({ rows }: { rows: readonly Row[] }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">Asset</th>
        <th scope="col">Worst</th>
        <th scope="col">Open</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <a class="asset-row" href={hrefOf(pathOf("assets", row.id))}>
              <span class="alert-words">
                <bdi>{nameOf(row.name, row.id)}</bdi>
                <span class="quiet">
                  {assetKindOf(row.kind)}
                  {row.geometry_quality === "schematic" && ", route only roughly known"}
                  {row.releasability !== "public" && ", not public"}
                </span>
              </span>
            </a>
          </th>
          <td>{row.load?.worst ? <Level level={row.load.worst} /> : <span class="quiet">none</span>}</td>
          <td>{countOf(row.load?.total ?? 0)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
