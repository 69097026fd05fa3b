import "./work.css";
import type { Item } from "../api/client";
import { Hint } from "../parts/hint";
import { mayWork } from "../state/work";
import { WorkNews } from "./news";
import { NextAlert } from "./next_alert";
import { Viewer } from "./viewer";
import { applies, DEALS, deal } from "./work_keys";

/** What an officer can do about one alert, what is on its way, and what others just did. */
export const Actions = ({ item }: { item: Item }) => (
  <section class="actions" aria-label="Actions">
    <WorkNews item={item} />
    {mayWork.value === false && <Viewer />}
    {mayWork.value && (
      <div class="buttons">
        {DEALS.filter(({ verb }) => applies(verb, item)).map(({ verb, key, label }) => (
          <button key={verb} type="button" aria-keyshortcuts={key} onClick={() => deal(verb, [item.alert.id])}>
            {label} <Hint k={key} />
          </button>
        ))}
      </div>
    )}
    <NextAlert item={item} />
  </section>
);
