/** The brief of the morning: sentences, each with what it rests on; as files, too. */

import "./desk.css";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf, place } from "../state/url";
import { pictureMs } from "../state/watch";
import { LEVELS, SHAPE } from "../words";
import { briefOf, fileOf, type Since } from "./ask";
import { DeskNav } from "./desk_nav";
import type { Brief, BriefSource } from "./records";
import { SpanChoice } from "./span_choice";
import { sinceOf } from "./stream_filter";

const BRIEF_SPANS = ["7d", "30d"] as const; // the watch tells of a month at most

export const BriefPage = () => {
  useOwnWords("of");
  const span = BRIEF_SPANS.find((known) => known === place.value.query.get("of"));
  const query: Since = span ? { since: sinceOf(span, pictureMs.peek() ?? Date.now()) } : {};
  const answer = useAsked((stop) => briefOf(query, stop), `brief ${query.since ?? ""}`, 300);
  return (
    <Panel title="Brief">
      <DeskNav />
      <div class="stack">
        <div class="finds">
          <SpanChoice word="of" label="What happened" spans={BRIEF_SPANS} any="in the last 24 hours" />
          {["md", "html", "pdf"].map((form) => (
            <a key={form} class="button" href={fileOf(`/api/v1/brief.${form}`, query)} download>
              Save as {NAMES[form]}
            </a>
          ))}
        </div>
        <Answer asked={answer} what="brief">
          {(brief) => <Written brief={brief} />}
        </Answer>
      </div>
    </Panel>
  );
};

const NAMES: Record<string, string> = { md: "Markdown", html: "HTML", pdf: "PDF" };

const Written = ({ brief }: { brief: Brief }) => (
  <article class="brief">
    <p class="lead">
      <bdi>{brief.title}</bdi>
      {brief.span && ", "}
      <bdi>{brief.span}</bdi>
    </p>
    <p class="quiet">
      Written from what was known at <Moment at={brief.at} day /> UTC, by templates: no sentence without its source.
    </p>
    {brief.notes.map((note) => (
      <p key={note} class="outage">
        <bdi>{note}</bdi>
      </p>
    ))}
    {brief.sections.map((section) => (
      <Section key={section.key} section={section} />
    ))}
  </article>
);

type SectionOf = Brief["sections"][number];

const Section = ({ section }: { section: SectionOf }) => (
  <section aria-labelledby={`brief-${section.key}`}>
    <h3 id={`brief-${section.key}`}>
      <bdi>{section.title}</bdi>
    </h3>
    {section.sentences.length === 0 && <p class="quiet">Nothing.</p>}
    {groupsOf(section.sentences).map(({ group, sentences }) => (
      <div key={group}>
        {group && (
          <h4>
            <bdi>{group}</bdi>
          </h4>
        )}
        <ul class="sentences">
          {sentences.map((sentence) => (
            <li key={`${sentence.text} ${sentence.sources[0]?.id}`}>
              <Sentence sentence={sentence} />
            </li>
          ))}
        </ul>
      </div>
    ))}
    {section.more && (
      <p class="quiet">
        <bdi>{section.more}</bdi>
      </p>
    )}
  </section>
);

type SentenceOf = SectionOf["sentences"][number];

/** Sentences under their headings, in the order in which these come first. */
export function groupsOf(sentences: readonly SentenceOf[]): { group: string; sentences: SentenceOf[] }[] {
  const found = new Map<string, SentenceOf[]>();
  for (const sentence of sentences) found.set(sentence.group, [...(found.get(sentence.group) ?? []), sentence]);
  return [...found].map(([group, of]) => ({ group, sentences: of }));
}

const Sentence = ({ sentence }: { sentence: SentenceOf }) => {
  const letters = [...sentence.text];
  const level = LEVELS.find((known) => known === sentence.level);
  return (
    <>
      {level && <span aria-hidden="true">{SHAPE[level]} </span>}
      <bdi>
        <strong>{letters.slice(0, sentence.strong).join("")}</strong>
        {letters.slice(sentence.strong).join("")}
      </bdi>{" "}
      {sentence.sources.map((source) => (
        <SourceLink key={`${source.kind} ${source.id}`} source={source} />
      ))}
    </>
  );
};

const PLACES: Record<string, "reports" | "alerts" | "incidents" | "ledgers" | "feeds"> = {
  report: "reports",
  alert: "alerts",
  incident: "incidents",
  ledger: "ledgers",
  feed: "feeds",
};

/** "incident", "line 5 of digest.txt": the id at its end is for paper; here it is a link. */
export const shortOf = (label: string): string => label.replace(/,? [ari]1-[0-9a-f]{16}$/, "");

const SourceLink = ({ source }: { source: BriefSource }) => {
  const where = Object.hasOwn(PLACES, source.kind) ? PLACES[source.kind] : undefined;
  const words = <bdi title={source.label}>{shortOf(source.label) || source.id}</bdi>;
  if (!where) return <span class="source">{words}</span>;
  return (
    <a class="source" href={hrefOf(pathOf(where, source.id))}>
      {words}
    </a>
  );
};
