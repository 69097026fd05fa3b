import { view } from "../state/url";
import { dismiss, refused } from "../state/work";
import { countOf } from "../words";
import { DeedLine } from "./news";

const MOST_SHOWN = 50;

/** Actions that the watch refused, until they are read. What still waits is said at the top (frame/banners.tsx). */
export const OnTheWay = () => {
  const { name, id } = view.value;
  // An alert that is open says so itself.
  const refusals = refused.value.filter(({ alertId }) => name !== "alerts" || alertId !== id);
  if (!refusals.length) return null;
  const dismissAll = (): void => {
    for (const { key } of refusals) dismiss(key);
  };
  return (
    <section class="on-the-way" aria-label="Actions that were not done">
      {refusals.length > 1 && (
        <p class="tools">
          <strong>{countOf(refusals.length)} not done</strong>
          <button type="button" onClick={dismissAll}>
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
