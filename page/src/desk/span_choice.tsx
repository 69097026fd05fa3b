import { ask, place } from "../state/url";
import { SPANS } from "./stream_filter";

export const SPAN_WORDS: Record<(typeof SPANS)[number], string> = {
  "1d": "last day",
  "7d": "last 7 days",
  "30d": "last 30 days",
  "365d": "last year",
};

/** How far back; `word` is where it stands in the address. */
export const SpanChoice = ({ word, label }: { word: string; label: string }) => (
  <label class="find short">
    {label}
    <select
      value={SPANS.find((span) => span === place.value.query.get(word)) ?? ""}
      onChange={(chosen) => ask({ [word]: chosen.currentTarget.value || null }, "push")}
    >
      <option value="">at any time</option>
      {SPANS.map((span) => (
        <option key={span} value={span}>
          {SPAN_WORDS[span]}
        </option>
      ))}
    </select>
  </label>
);
