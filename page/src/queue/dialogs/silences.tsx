import { useSignal } from "@preact/signals";
import { wordsOf } from "../../api/client";
import { Level } from "../../parts/level";
import { Moment } from "../../parts/moment";
import { endSilence, inForce, type Silence, silencesSaid, watchNowMs } from "../../state/silences";
import { mayWork } from "../../state/work";
import { kindOf, spanOf } from "../../words";
import { assetNameOf } from "../names";
import { showSilences } from "./asked";
import { Dialog } from "./dialog";

/** The silences in force: about what, until when, why, by whom; each can be ended. */
export const Silences = () => {
  const trouble = useSignal("");
  const end = (id: string): void => {
    trouble.value = "";
    endSilence(id).catch((error: unknown) => {
      trouble.value = wordsOf(error);
    });
  };
  return (
    <Dialog title="Silences in force" wide onClose={() => showSilences(false)}>
      <p class="quiet">
        Alerts under a silence are raised and shown as ever. They are not notified. To begin one: an alert, key s.
      </p>
      {(silencesSaid.value || trouble.value) && <p role="alert">{trouble.value || silencesSaid.value}</p>}
      {!inForce.value.length && !silencesSaid.value && <p>None.</p>}
      {inForce.value.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Until (UTC)</th>
              <th scope="col">Up to</th>
              <th scope="col">Why, by whom</th>
              <th scope="col">
                <span class="unseen">End</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {inForce.value.map((silence) => (
              <Line key={silence.id} silence={silence} end={end} />
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
};

const Line = ({ silence, end }: { silence: Silence; end: (id: string) => void }) => (
  <tr>
    <td>
      <bdi>{whatOf(silence)}</bdi>
    </td>
    <td>
      <Moment at={silence.until} day />{" "}
      <span class="quiet">in {spanOf((Date.parse(silence.until) - watchNowMs()) / 1000)}</span>
    </td>
    <td>
      <Level level={silence.level} />
    </td>
    <td>
      <bdi>{silence.reason}</bdi> <span class="quiet">by</span> <bdi>{silence.by}</bdi>
    </td>
    <td>
      {mayWork.value && (
        <button type="button" aria-label={`End the silence of ${whatOf(silence)}`} onClick={() => end(silence.id)}>
          End
        </button>
      )}
    </td>
  </tr>
);

function whatOf({ mmsi, asset, area, kinds }: Silence): string {
  const about = [mmsi === null ? "" : `vessel ${mmsi}`, asset === null ? "" : `asset ${assetNameOf(asset)}`];
  if (area.length) about.push(`an area of ${area.length} corners`);
  return [about.filter(Boolean).join(", "), kinds.map(kindOf).join(", ")].filter(Boolean).join(": only ");
}
