import { useState } from "preact/hooks";
import { ask } from "../state/url";
import { AssetName } from "./asset_name";
import { EVENT_TYPES, eventOf, LEDGER_NAMES, ledgerOf } from "./desk_words";
import { SpanChoice } from "./span_choice";
import { chosenIn, type StreamFilter } from "./stream_filter";

/** What the stream shows, in one row; more choices below it when asked for. Each is a step that the browser can take back. */
export const Filters = ({ filter }: { filter: StreamFilter }) => {
  const chosen = chosenIn(filter);
  const [isOpen, setOpen] = useState(chosen > 0);
  return (
    <search aria-label="Filter the reports">
      <div class="find-row">
        <input
          type="search"
          aria-label="Words in the text"
          placeholder="Words in the text"
          value={filter.text}
          maxLength={100}
          onInput={(typed) => ask({ find: typed.currentTarget.value || null })}
        />
        <button type="button" aria-expanded={isOpen} aria-controls="more-filters" onClick={() => setOpen(!isOpen)}>
          Filters{chosen ? `: ${chosen}` : ""} <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        </button>
      </div>
      <div id="more-filters" class="finds more-filters" hidden={!isOpen}>
        <Choice label="Ledger" word="ledger" value={filter.ledger} of={LEDGER_NAMES} words={ledgerOf} />
        <Choice label="Tells of" word="event" value={filter.event} of={EVENT_TYPES} words={eventOf} />
        <SpanChoice word="since" label="Since" />
        <button
          type="button"
          aria-pressed={filter.whole}
          onClick={() => ask({ whole: filter.whole ? null : "1" }, "push")}
        >
          With those of no relevance
        </button>
      </div>
      {filter.about && (
        <button type="button" class="only-about" onClick={() => ask({ about: null }, "push")}>
          Only about <AssetName id={filter.about} /> ✕
        </button>
      )}
    </search>
  );
};

interface ChoiceWords {
  label: string;
  word: string;
  value: string;
  of: readonly string[];
  words: (value: string) => string;
}

const Choice = ({ label, word, value, of, words }: ChoiceWords) => (
  <label class="find">
    {label}
    <select value={value} onChange={(chosen) => ask({ [word]: chosen.currentTarget.value || null }, "push")}>
      <option value="">all</option>
      {of.map((one) => (
        <option key={one} value={one}>
          {words(one)}
        </option>
      ))}
    </select>
  </label>
);
