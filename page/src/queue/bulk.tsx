import { Hint } from "../parts/hint";
import { items } from "../state/alerts";
import { turn } from "../state/reviewed";
import { mayWork } from "../state/work";
import { countOf } from "../words";
import { chooseNone, selected } from "./selection";
import { applies, DEALS, deal } from "./work_keys";

// A call by radio is with one vessel, a silence about one.
const NOT_AT_ONCE = ["silence", "radio"];

/** What can be done about those that are chosen, and for how many of them it makes sense. */
export const Bulk = () => {
  const ids = [...selected.value];
  if (!ids.length) return null;
  const known = ids.map((id) => items.value.get(id)).filter((item) => item !== undefined);
  return (
    <section class="bulk" aria-label="Chosen alerts">
      <p class="tools">
        <span role="status">{countOf(ids.length)} chosen</span>
        <button type="button" onClick={chooseNone}>
          Choose none <Hint k="Esc" />
        </button>
      </p>
      <div class="buttons">
        {mayWork.value &&
          DEALS.map(({ verb, key, label }) => {
            const fit = known.filter((item) => applies(verb, item)).length;
            if (!fit || NOT_AT_ONCE.includes(verb)) return null;
            return (
              <button key={verb} type="button" aria-keyshortcuts={key} onClick={() => deal(verb, ids)}>
                {label}
                {fit < ids.length ? ` ${countOf(fit)}` : ""} <Hint k={key} />
              </button>
            );
          })}
        <button type="button" aria-keyshortcuts="r" onClick={() => turn(known)}>
          Reviewed <Hint k="r" />
        </button>
      </div>
    </section>
  );
};
