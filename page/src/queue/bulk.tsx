import { Hint } from "../parts/hint";
import { items } from "../state/alerts";
import { turn } from "../state/reviewed";
import { mayWork } from "../state/work";
import { countOf } from "../words";
import { chooseNone, selected } from "./selection";
import { applies, DEALS, deal } from "./work_keys";

/** What can be done about those that are chosen, and for how many of them it makes sense. */
export const Bulk = () => {
  const ids = [...selected.value];
  if (!ids.length) return null;
  const known = ids.map((id) => items.value.get(id)).filter((item) => item !== undefined);
  return (
    <section class="bulk" aria-label="Chosen alerts">
      <p role="status">{countOf(ids.length)} chosen</p>
      <div class="buttons">
        {mayWork.value &&
          DEALS.map(({ verb, key, label }) => {
            const fit = known.filter((item) => applies(verb, item)).length;
            if (!fit || verb === "silence") return null;
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
        <button type="button" onClick={chooseNone}>
          Choose none <Hint k="Esc" />
        </button>
      </div>
    </section>
  );
};
