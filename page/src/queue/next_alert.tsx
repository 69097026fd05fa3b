import { useEffect, useRef } from "preact/hooks";
import type { Item } from "../api/client";
import { queueShown, skipTo } from "../frame/layout";
import { Hint } from "../parts/hint";
import { justClosed, nextOpen, openAlert, stand } from "./cursor";
import { standOf } from "./names";
import { rows } from "./rows";

/** After closing: where the work goes on. */
export const NextAlert = ({ item }: { item: Item }) => {
  const button = useRef<HTMLButtonElement>(null);
  const isShown = item.work.state === "closed" && justClosed.value === item.alert.id;
  useEffect(() => {
    if (isShown) button.current?.focus();
  }, [isShown]);
  if (!isShown) return null;
  const next = nextOpen(rows.value, item.alert.id);
  return (
    <div class="next-alert" role="status">
      <p>
        Done: <bdi>{standOf(item)}</bdi>.
      </p>
      {next ? (
        <button ref={button} type="button" class="first" onClick={() => goOn(next)}>
          Next alert <Hint k="↵" />
        </button>
      ) : (
        <p>No open alert is left in the queue as it is filtered.</p>
      )}
    </div>
  );
};

/** The button goes: the focus stays in the queue, or goes to what was opened where there is no room for it. */
function goOn(id: string): void {
  openAlert(id);
  stand(id);
  if (!queueShown.peek()) skipTo(".panel");
}
