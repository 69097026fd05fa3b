/** What people put right in a report: who, when, what; taken back with a press. */

import { AirText } from "../parts/air_text";
import { Moment } from "../parts/moment";
import { mayWork } from "../state/work";
import type { Correcting } from "./correcting";
import { eventOf, modalityOf } from "./desk_words";
import type { Correction, Opened } from "./records";

export const CorrectionList = ({ report, correcting }: { report: Opened; correcting: Correcting }) => {
  if (!report.corrections.length) return null;
  return (
    <section aria-labelledby="report-corrections">
      <h3 id="report-corrections">Put right</h3>
      <p class="quiet">Kept, and applied whenever this text is read again.</p>
      <ul class="link-rows">
        {report.corrections.map((correction) => (
          <li key={correction.id} class="name-row">
            <span class="name-words">
              <bdi>{sentenceOf(correction)}</bdi>
              <span class="quiet">
                <AirText text={correction.by} none="somebody" />, <Moment at={correction.at} day />
                {correction.report === "" && ", in every report"}
              </span>
            </span>
            {mayWork.value && (
              <button
                type="button"
                disabled={correcting.busy}
                aria-label={`Take back: ${sentenceOf(correction)}`}
                onClick={() => void correcting.undo(correction.id)}
              >
                Take back
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const aWord = (type: string): string => `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;

/** "“Hawk” is a system, not a place". */
export function sentenceOf(said: Correction): string {
  if (said.what === "relevant") return said.relevant ? "It is relevant" : "It is not relevant";
  if (said.what === "story") return said.story ? "It belongs to another story" : "It belongs to no story";
  const words = `“${said.text}”`;
  if (said.what === "claim") {
    if (said.type === null) return `${words} does not tell of ${eventOf(said.was ?? "")}`;
    return `${words} tells of ${eventOf(said.type)}${said.modality ? `, ${modalityOf(said.modality)}` : ""}`;
  }
  if (said.type === null) return `${words} is no name`;
  const meant = said.name ? `, ${said.name}` : "";
  const before = said.was && said.was !== said.type ? `, not ${aWord(said.was)}` : "";
  return `${words} is ${aWord(said.type)}${meant}${before}`;
}
