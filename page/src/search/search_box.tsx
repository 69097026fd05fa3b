/** The search box of the top bar: results as you type, arrows and Enter; Enter without a choice opens the search page. */

import "./search.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Level } from "../parts/level";
import { go, place } from "../state/url";
import { type Group, groupsOf, nothingFor, type Row, stepped } from "./results";
import { LONGEST, newSearch, type Searched } from "./searching";

const MOST_EACH = 6; // in the list under the box; the page has more

export const SearchBox = () => {
  const search = useMemo(() => newSearch(MOST_EACH), []);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => search.stop, [search]);
  const now = search.now.value;
  const groups = now.found ? groupsOf(now.found) : [];
  const rows = groups.flatMap((group) => group.rows);
  const chosen = rows[at];

  const take = (typed: string): void => {
    setText(typed);
    setAt(-1);
    setOpen(typed.trim() !== "");
    search.type(typed);
  };
  const leave = (path: string): void => {
    setOpen(false);
    setAt(-1);
    go(path);
  };
  const enter = (): void => {
    if (chosen) leave(chosen.path);
    else if (text.trim()) {
      setOpen(false);
      go("/search", { ...kept(), q: text.trim().slice(0, LONGEST) });
    }
  };
  const key = (pressed: KeyboardEvent): void => {
    if (pressed.key === "ArrowDown" || pressed.key === "ArrowUp") {
      setOpen(text.trim() !== "");
      setAt(stepped(at, pressed.key === "ArrowDown" ? 1 : -1, rows.length));
    } else if (pressed.key === "Enter") enter();
    else if (pressed.key === "Escape" && (open || text)) open ? setOpen(false) : take("");
    else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  };
  return (
    <search class="search-box" onFocusOut={(left) => inside(left) || setOpen(false)}>
      <input
        id="search"
        type="text"
        role="combobox"
        aria-label="Search vessels, assets, alerts"
        aria-expanded={open}
        aria-controls="search-found"
        aria-autocomplete="list"
        aria-activedescendant={open && chosen ? `found-${chosen.key}` : undefined}
        placeholder="Name, MMSI, IMO, asset"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={LONGEST}
        value={text}
        onInput={(typed) => take(typed.currentTarget.value)}
        onKeyDown={key}
        onFocus={() => setOpen(text.trim() !== "")}
      />
      <div class="search-found" hidden={!open}>
        <Options groups={groups} chosen={chosen} choose={leave} />
        <p class="quiet" role="status">
          {said(now, rows.length)}
        </p>
      </div>
    </search>
  );
};

const inside = (left: FocusEvent): boolean =>
  left.relatedTarget instanceof Node && (left.currentTarget as Element).contains(left.relatedTarget);

const kept = (): Record<string, string> => Object.fromEntries(place.peek().query);

interface OptionsOf {
  groups: Group[];
  chosen: Row | undefined;
  choose: (path: string) => void;
}

const Options = ({ groups, chosen, choose }: OptionsOf) => (
  <div id="search-found" role="listbox" aria-label="Found">
    {groups.map((group) => (
      // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
      <div key={group.title} role="group" aria-label={group.title}>
        <p aria-hidden="true" class="quiet">
          {group.title}
        </p>
        {group.rows.map((row) => (
          <Option key={row.key} row={row} chosen={row === chosen} choose={choose} />
        ))}
      </div>
    ))}
  </div>
);

const Option = ({ row, chosen, choose }: { row: Row; chosen: boolean; choose: (path: string) => void }) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which keeps the focus
  <div
    id={`found-${row.key}`}
    role="option"
    tabIndex={-1}
    aria-selected={chosen}
    class="found-row"
    onMouseDown={(pressed) => pressed.preventDefault()}
    onClick={() => choose(row.path)}
    ref={(element) => {
      if (chosen) element?.scrollIntoView({ block: "nearest" });
    }}
  >
    <RowWords row={row} />
  </div>
);

/** A result: its name, our words about it, its level. */
export const RowWords = ({ row }: { row: Row }) => (
  <>
    <span class="found-name">
      <bdi>{row.name}</bdi>
      <span class="quiet">{row.about}</span>
    </span>
    {row.level && <Level level={row.level} />}
  </>
);

function said(now: Searched, count: number): string {
  if (now.trouble) return `Not searched: ${now.trouble}`;
  if (now.busy && !count) return "Searching ...";
  if (!now.found) return "";
  if (!count) return nothingFor(now.foundFor);
  return "Arrows choose, Enter opens; Enter without a choice shows all.";
}
