/** The text of a report, what was understood of it underlined by type; always as text. */

import { useMemo } from "preact/hooks";
import "./marked.css";
import type { Report } from "./records";
import { piecesOf, spansOf } from "./spans";

interface MarkedWords {
  report: Pick<Report, "text" | "entities" | "quantities" | "dates">;
  /** Words that stand out now. */
  marked?: readonly { start: number; end: number }[];
}

export const MarkedText = ({ report, marked = NONE }: MarkedWords) => {
  const spans = useMemo(() => spansOf(report), [report]);
  const pieces = useMemo(() => piecesOf(report.text, spans, marked), [report, spans, marked]);
  return (
    <bdi class="report-text" dir="auto">
      {pieces.map(({ text, start, type, about, isMarked }) =>
        type || isMarked ? (
          <span key={start} class={classOf(type, isMarked)} title={about || undefined} data-start={start}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </bdi>
  );
};

const NONE: readonly { start: number; end: number }[] = [];
const LINES: readonly string[] = [
  "person",
  "country",
  "organisation",
  "place",
  "force",
  "asset",
  "vessel",
  "system",
  "quantity",
  "date",
];

/** Only types that have a line of their own become a class. */
const classOf = (type: string, isMarked: boolean): string =>
  `${LINES.includes(type) ? `said ${type}` : ""}${isMarked ? " claimed" : ""}`.trim();

/** What the lines under the words mean; of the types that are there. */
export const LineLegend = ({ report }: { report: Pick<Report, "entities" | "quantities" | "dates"> }) => {
  const types = new Set(spansOf(report).map((span) => span.type));
  const shown = LINES.filter((type) => types.has(type));
  if (!shown.length) return null;
  return (
    <ul class="chart-legend" aria-label="What the lines under the words mean">
      {shown.map((type) => (
        <li key={type}>
          <span class={`said ${type}`}>{type}</span>
        </li>
      ))}
    </ul>
  );
};
