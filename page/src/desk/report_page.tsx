/** One report: its text, what was understood of it, what it rests on and what it changed; put right in place. */

import "./desk.css";
import { useState } from "preact/hooks";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { Panel } from "../parts/panel";
import { mayWork } from "../state/work";
import { reportOf } from "./ask";
import { Claims } from "./claims";
import { Contradictions } from "./contradictions";
import { useCorrecting } from "./correcting";
import { CorrectionList } from "./correction_list";
import { DeskNav } from "./desk_nav";
import { qualityOf } from "./desk_words";
import { Entities } from "./entities";
import { LineLegend, MarkedText } from "./marked_text";
import { Origin } from "./origin";
import { OutsideLink } from "./outside_link";
import { Dates, Quantities } from "./quantities";
import type { Opened } from "./records";
import { RelevantSwitch } from "./relevant_switch";
import { Slips, Times } from "./report_row";
import { RowsOf, TiedTo } from "./tied_to";

export const ReportPage = ({ id }: { id: string }) => {
  const answer = useAsked((stop) => reportOf(id, stop), id);
  const [changed, setChanged] = useState<Opened | null>(null);
  const report = changed ?? answer.data;
  return (
    <Panel title="Report">
      <DeskNav />
      {report ? (
        <OneReport report={report} onChanged={setChanged} />
      ) : (
        <Answer asked={answer} what="report">
          {() => null}
        </Answer>
      )}
    </Panel>
  );
};

interface Edges {
  start: number;
  end: number;
}

const OneReport = ({ report, onChanged }: { report: Opened; onChanged: (report: Opened) => void }) => {
  const [marked, setMarked] = useState<readonly Edges[]>([]);
  const correcting = useCorrecting(report, onChanged);
  return (
    <div class="stack">
      <section aria-labelledby="report-text">
        <h3 id="report-text" class="unseen">
          Text
        </h3>
        <blockquote class="report-quote" id="report-words">
          <MarkedText report={report} marked={marked} />
        </blockquote>
        <LineLegend report={report} />
        <Slips report={report} />
        {report.notes.map((note) => (
          <p key={note} class="outage">
            <bdi>{note}</bdi>
          </p>
        ))}
        <p class="report-facts quiet">
          <Origin report={report} />
          <Times report={report} />
          <OutsideLink url={report.url} />
        </p>
        <RelevantSwitch report={report} correcting={correcting} />
      </section>
      <p role="status" class={correcting.trouble ? "trouble" : "unseen"}>
        {correcting.trouble ? `Not put right: ${correcting.trouble}` : correcting.said}
      </p>
      <Claims report={report} correcting={correcting} onMark={setMarked} />
      <Entities report={report} correcting={correcting} onMark={setMarked} />
      <Quantities report={report} onMark={setMarked} />
      <Dates report={report} onMark={setMarked} />
      <RowsOf rows={report.rows} />
      <Contradictions of={report.contradicts} />
      <TiedTo report={report} correcting={correcting} />
      <Copies report={report} />
      <CorrectionList report={report} correcting={correcting} />
      {mayWork.value === false && <p class="quiet">You may look, but not put right what was understood.</p>}
      <section aria-labelledby="report-facts">
        <h3 id="report-facts">About this report</h3>
        <dl class="facts">
          <dt>Relevance</dt>
          <dd>{report.relevance.toFixed(2)} of 1</dd>
          <dt>Language</dt>
          <dd>
            <bdi>{report.language}</bdi>
          </dd>
          <dt>“Next month” counts from</dt>
          <dd>
            {report.reference_date && (
              <>
                <Moment at={report.reference_date} day />,{" "}
              </>
            )}
            {qualityOf(report.reference_date_quality)}
          </dd>
          <dt>Id</dt>
          <dd class="mono">{report.id}</dd>
        </dl>
      </section>
    </div>
  );
};

const Copies = ({ report }: { report: Opened }) => (
  <section aria-labelledby="report-copies">
    <h3 id="report-copies">Where it stood</h3>
    {report.copies.length === 0 && (
      <p class="quiet">
        Only here: <Origin report={report} />.
      </p>
    )}
    <ul class="link-rows">
      {report.copies.map((copy) => (
        <li key={`${copy.source} ${copy.url} ${copy.published}`} class="copy">
          <Origin report={{ ...copy, file: copy.url ? null : report.file, line: report.line }} />
          {copy.published && (
            <span class="quiet">
              published <Moment at={copy.published} day />
            </span>
          )}
          <OutsideLink url={copy.url} />
        </li>
      ))}
    </ul>
  </section>
);
