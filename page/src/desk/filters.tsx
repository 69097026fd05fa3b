import { AirText } from "../parts/air_text";
import { ask } from "../state/url";
import { EVENT_TYPES, eventOf, LEDGER_NAMES, ledgerOf } from "./desk_words";
import { SpanChoice } from "./span_choice";
import type { StreamFilter } from "./stream_filter";

/** What the stream shows; each choice is a step that the browser can take back. */
export const Filters = ({ filter }: { filter: StreamFilter }) => (
  <search class="finds" aria-label="Filter the reports">
    <label class="find wide">
      Words in the text
      <input
        type="search"
        value={filter.text}
        maxLength={100}
        onInput={(typed) => ask({ find: typed.currentTarget.value || null })}
      />
    </label>
    <Choice label="Ledger" word="ledger" value={filter.ledger} of={LEDGER_NAMES} words={ledgerOf} />
    <Choice label="Tells of" word="event" value={filter.event} of={EVENT_TYPES} words={eventOf} />
    <SpanChoice word="since" label="Since" />
    <div class="row-of-choices">
      <button
        type="button"
        aria-pressed={filter.whole}
        onClick={() => ask({ whole: filter.whole ? null : "1" }, "push")}
      >
        With those of no relevance
      </button>
      {filter.about && (
        <button type="button" onClick={() => ask({ about: null }, "push")}>
          Only about <AirText text={filter.about} /> ✕
        </button>
      )}
    </div>
  </search>
);

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
