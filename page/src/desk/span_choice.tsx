import { ask, place } from "../state/url";
import { SPANS, type SpanAsked } from "./stream_filter";

export const SPAN_WORDS: Record<(typeof SPANS)[number], string> = {
  "1d": "last day",
  "7d": "last 7 days",
  "30d": "last 30 days",
  "365d": "last year",
};

interface ChoiceWords {
  word: string;
  label: string;
  spans?: readonly SpanAsked[];
  /** What is shown where nothing is chosen. */
  any?: string;
}

/** How far back; `word` is where it stands in the address. */
export const SpanChoice = ({ word, label, spans = SPANS, any = "at any time" }: ChoiceWords) => (
  <label class="find short">
    {label}
    <select
      value={spans.find((span) => span === place.value.query.get(word)) ?? ""}
      onChange={(chosen) => ask({ [word]: chosen.currentTarget.value || null }, "push")}
    >
      <option value="">{any}</option>
      {spans.map((span) => (
        <option key={span} value={span}>
          {SPAN_WORDS[span]}
        </option>
      ))}
    </select>
  </label>
);
