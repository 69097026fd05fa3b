import { dismiss, isKept, refused, waiting, whyWaiting } from "../state/work";
import { countOf } from "../words";
import { DeedLine } from "./news";

const MOST_SHOWN = 50;

/** Actions that the watch has not taken yet, and those it refused: until they are read. */
export const OnTheWay = () => {
  const waits = waiting.value.length;
  const refusals = refused.value;
  if (!refusals.length && !(waits && whyWaiting.value)) return null;
  return (
    <section class="on-the-way" aria-label="Actions on their way">
      {waits > 0 && whyWaiting.value && (
        <p role="status" class="note">
          <strong>Waiting to be sent ({countOf(waits)}).</strong> {whyWaiting.value}{" "}
          {isKept.value
            ? "They are kept on this machine, also when the page is closed."
            : "This machine keeps no more: do not close the page."}
        </p>
      )}
      {refusals.length > 1 && (
        <p class="tools">
          <span>{countOf(refusals.length)} not done</span>
          <button type="button" onClick={() => refusals.forEach(({ key }) => void dismiss(key))}>
            Dismiss all
          </button>
        </p>
      )}
      {refusals.slice(0, MOST_SHOWN).map((deed) => (
        <DeedLine key={deed.key} deed={deed} about />
      ))}
    </section>
  );
};
