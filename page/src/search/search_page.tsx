/** All that was found, as a page with an address: /search?q=. */

import "../parts/page.css";
import "./search.css";
import { useEffect, useMemo } from "preact/hooks";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { ask, hrefOf, place } from "../state/url";
import { countOf } from "../words";
import { type Group, groupsOf, nothingFor } from "./results";
import { RowWords } from "./search_box";
import { LONGEST, newSearch, type Searched } from "./searching";

const MOST_EACH = 50;

export const SearchPage = () => {
  useOwnWords("q");
  const search = useMemo(() => newSearch(MOST_EACH), []);
  const q = (place.value.query.get("q") ?? "").slice(0, LONGEST);
  useEffect(() => search.type(q), [search, q]);
  useEffect(() => search.stop, [search]);
  const now = search.now.value;
  const groups = now.found ? groupsOf(now.found) : [];
  return (
    <Panel title="Search">
      <label class="find">
        Name, MMSI, IMO, call sign, asset, words of an alert
        <input
          type="search"
          value={q}
          maxLength={LONGEST}
          autocomplete="off"
          spellcheck={false}
          onInput={(typed) => ask({ q: typed.currentTarget.value || null })}
          onKeyDown={(pressed) => pressed.key === "ArrowDown" && intoResults(pressed)}
        />
      </label>
      <p role="status" class="quiet">
        {outcome(now, groups)}
      </p>
      <div class={now.busy ? "found asking" : "found"}>
        {groups.map((group) => (
          <Results key={group.title} group={group} />
        ))}
      </div>
    </Panel>
  );
};

const Results = ({ group }: { group: Group }) => (
  <section>
    <h3>
      {group.title} ({group.rows.length === MOST_EACH ? `the first ${MOST_EACH}` : group.rows.length})
    </h3>
    <ul class="link-rows">
      {group.rows.map((row) => (
        <li key={row.key}>
          <a class="found-row" href={hrefOf(row.path)} onKeyDown={walk}>
            <RowWords row={row} />
          </a>
        </li>
      ))}
    </ul>
  </section>
);

function outcome(now: Searched, groups: Group[]): string {
  if (now.trouble) return `Not searched: ${now.trouble}`;
  if (!now.q) return "Type what you look for.";
  if (now.busy) return "Searching ...";
  const count = groups.reduce((sum, group) => sum + group.rows.length, 0);
  return count ? `${countOf(count)} found for “${now.foundFor}”.` : nothingFor(now.foundFor);
}

const links = (): HTMLAnchorElement[] => [...document.querySelectorAll<HTMLAnchorElement>(".found a")];

function intoResults(pressed: KeyboardEvent): void {
  links()[0]?.focus();
  pressed.preventDefault();
}

/** Arrows go from result to result. */
function walk(pressed: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
  if (!step) return;
  const all = links();
  const at = all.indexOf(document.activeElement as HTMLAnchorElement);
  const next = all[at + step];
  if (next) next.focus();
  else if (step < 0) document.querySelector<HTMLInputElement>(".panel input[type=search]")?.focus();
  pressed.preventDefault();
}
