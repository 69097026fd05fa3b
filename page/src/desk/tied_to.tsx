/** What a report is tied to: rows of ledgers, its story, incidents, assets. */

import { useState } from "preact/hooks";
import { hrefOf, pathOf } from "../state/url";
import { AssetName } from "./asset_name";
import type { Correcting } from "./correcting";
import { ledgerOf } from "./desk_words";
import { cellText } from "./ledger_cells";
import type { Opened, RowOfReport } from "./records";
import { StoryChoice } from "./story_choice";

export const RowsOf = ({ rows }: { rows: RowOfReport[] }) => {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, 10);
  return (
    <section aria-labelledby="report-rows">
      <h3 id="report-rows">In the ledgers</h3>
      {rows.length === 0 && <p class="quiet">In none.</p>}
      <ul class="link-rows">
        {shown.map((row) => (
          <li key={`${row.ledger} ${row.id}`}>
            <a class="asset-row" href={hrefOf(pathOf("ledgers", row.ledger))}>
              <span class="name-words">
                <strong>{ledgerOf(row.ledger)}</strong>
                <bdi class="quiet">
                  {Object.values(row.cells).map(cellText).filter(Boolean).slice(0, 6).join(" · ")}
                </bdi>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {rows.length > shown.length && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {rows.length}
        </button>
      )}
    </section>
  );
};

export const TiedTo = ({ report, correcting }: { report: Opened; correcting: Correcting }) => (
  <section aria-labelledby="report-ties">
    <h3 id="report-ties">Tied to</h3>
    {!report.story && !report.incidents.length && !report.assets.length && (
      <p class="quiet">No story, no incident and no asset of the chart.</p>
    )}
    <div class="row-of-choices">
      {report.story && (
        <a class="button" href={hrefOf(pathOf("stories", report.story))}>
          Its story
        </a>
      )}
      <StoryChoice report={report} correcting={correcting} />
      {report.assets.map((id) => (
        <a key={id} class="button" href={hrefOf(pathOf("assets", id))}>
          Asset <AssetName id={id} />
        </a>
      ))}
      {report.assets.map((id) => (
        <a key={`alerts ${id}`} class="button" href={`/?${new URLSearchParams({ asset: id })}`}>
          Alerts about <AssetName id={id} />
        </a>
      ))}
      {report.incidents.map((id) => (
        <a key={id} class="button" href={hrefOf(pathOf("incidents", id))}>
          Incident, reported
        </a>
      ))}
    </div>
  </section>
);
