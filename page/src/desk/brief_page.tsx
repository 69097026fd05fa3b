/** The brief of the morning: sentences, each with what it rests on; as files, too. */

import "./desk.css";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf, place } from "../state/url";
import { pictureMs } from "../state/watch";
import { asked, withQuery } from "./ask";
import { DeskNav } from "./desk_nav";
import type { Brief, BriefSource } from "./records";
import { SpanChoice } from "./span_choice";
import { SPANS, sinceOf } from "./stream_filter";

export const BriefPage = () => {
  useOwnWords("of");
  const span = SPANS.find((known) => known === place.value.query.get("of"));
  const query: Record<string, string> = span ? { since: sinceOf(span, pictureMs.peek() ?? Date.now()) } : {};
  const path = withQuery("/brief", query);
  const answer = useAsked((stop) => asked<Brief>(path, stop), path, 300);
  return (
    <Panel title="Brief">
      <DeskNav />
      <div class="stack">
        <div class="finds">
          <SpanChoice word="of" label="What happened" />
          {["md", "html", "pdf"].map((form) => (
            <a key={form} class="button" href={withQuery(`/api/v1/brief.${form}`, query)} download>
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
    </p>
    <p class="quiet">
      Written from what was known at <Moment at={brief.at} day /> UTC, by templates: no sentence without its source.
    </p>
    {brief.sections.map((section, at) => (
      <section key={at} aria-labelledby={`brief-${at}`}>
        <h3 id={`brief-${at}`}>
          <bdi>{section.title}</bdi>
        </h3>
        {section.sentences.length === 0 && <p class="quiet">Nothing.</p>}
        <ul class="sentences">
          {section.sentences.map((sentence, n) => (
            <li key={n}>
              <bdi>{sentence.text}</bdi>{" "}
              {sentence.sources.map((source) => (
                <SourceLink key={`${source.kind} ${source.id}`} source={source} />
              ))}
            </li>
          ))}
        </ul>
      </section>
    ))}
  </article>
);

const PLACES: Record<string, "reports" | "alerts" | "incidents" | "ledgers"> = {
  report: "reports",
  alert: "alerts",
  incident: "incidents",
  ledger: "ledgers",
};

const SourceLink = ({ source }: { source: BriefSource }) => {
  const where = Object.hasOwn(PLACES, source.kind) ? PLACES[source.kind] : undefined;
  const words = <bdi>{source.label || source.id}</bdi>;
  if (!where) return <span class="source">{words}</span>;
  return (
    <a class="source name-link" href={hrefOf(pathOf(where, source.id))}>
      {words}
    </a>
  );
};
