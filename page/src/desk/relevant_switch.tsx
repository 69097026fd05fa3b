import { mayWork } from "../state/work";
import type { Correcting } from "./correcting";
import type { Opened } from "./records";

/** Whether the report concerns anybody here: what the desk found, and what a person says. */
export const RelevantSwitch = ({ report, correcting }: { report: Opened; correcting: Correcting }) => {
  const isRelevant = report.ledgers.length > 0;
  const words = isRelevant ? "Not relevant" : "It is relevant";
  return (
    <p class="row-of-choices">
      <span>{isRelevant ? "Found relevant." : "Found not relevant: it is in no ledger."}</span>
      {mayWork.value && (
        <button
          type="button"
          disabled={correcting.busy}
          onClick={() =>
            void correcting.put({ what: "relevant", relevant: !isRelevant }, `Kept: ${words.toLowerCase()}.`)
          }
        >
          {words}
        </button>
      )}
    </p>
  );
};
