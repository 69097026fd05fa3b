/** One report in a list: its text, what it tells, how much it matters, what else tells it. */

import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { AssetNames } from "./asset_name";
import { eventOf, ledgerOf, modalityOf, relevanceOf } from "./desk_words";
import { MarkedText } from "./marked_text";
import { Origin } from "./origin";
import type { Report } from "./records";

export const ReportRow = ({ report, inStory = false }: { report: Report; inStory?: boolean }) => {
  const [main] = report.events;
  return (
    <article class="report-row">
      <a class="report-open" href={hrefOf(pathOf("reports", report.id))}>
        <MarkedText report={report} />
      </a>
      <p class="report-facts">
        {main && (
          <strong>
            {eventOf(main.type)}, {modalityOf(main.modality)}
          </strong>
        )}
        {!main && <strong>nothing understood</strong>}
        <span>{report.ledgers.length ? relevanceOf(report.relevance) : "not relevant"}</span>
        {report.ledgers.length > 0 && <span>in {report.ledgers.map(ledgerOf).join(", ")}</span>}
        {report.assets.length > 0 && (
          <span>
            about <AssetNames ids={report.assets} />
          </span>
        )}
      </p>
      <Slips report={report} />
      <p class="report-facts quiet">
        <Origin report={report} />
        <Times report={report} />
        {!inStory && <StoryLink report={report} />}
      </p>
    </article>
  );
};

/** "George Maloney", possibly Giorgia Meloni. */
export const Slips = ({ report }: { report: Report }) => {
  const slips = report.entities.filter((entity) => entity.possibly);
  if (!slips.length) return null;
  return (
    <p class="slips">
      {slips.map((entity) => (
        <span key={entity.start}>
          “<bdi>{entity.text}</bdi>”: possibly <bdi>{entity.possibly}</bdi>
        </span>
      ))}
    </p>
  );
};

export const Times = ({ report }: { report: Report }) =>
  report.published ? (
    <span>
      published <Moment at={report.published} day />
    </span>
  ) : (
    <span>
      {report.received ? "received " : "no date"}
      {report.received && <Moment at={report.received} day />}
    </span>
  );

const StoryLink = ({ report: { story, related } }: { report: Report }) =>
  story ? (
    <a class="name-link" href={hrefOf(pathOf("stories", story))}>
      {related.length ? `its story, with ${related.length} more` : "its story"}
    </a>
  ) : null;
