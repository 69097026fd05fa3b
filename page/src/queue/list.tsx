import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { closed, more } from "../state/closed";
import { shown } from "../time/stood";
import { cursor, focusAsked } from "./cursor";
import { anchored, windowOf } from "./order";
import { Row } from "./row";
import { filter, rows, touch } from "./rows";

export const ROW_PX = 80; // as in queue.css
// Left free under the row stood on: there comes the bar of new alerts, and moves nothing.
const SPARE_PX = 48;

/** Thousands of rows, of which only those to be seen are in the page. */
export const List = () => {
  const box = useRef<HTMLDivElement>(null);
  const scrollPx = useSignal(0);
  const heightPx = useSignal(600);
  useHeight(box, heightPx);
  useCursorInView(box);
  useStill(box);
  const ids = rows.value;
  const [from, to] = windowOf(scrollPx.value, heightPx.value, ROW_PX, ids.length);
  useEffect(() => {
    if (filter.value.state === "closed" && to >= ids.length - 5 && closed.value.count) void more(filter.peek());
  }, [to, ids.length]);
  const stands = cursor.value === null ? -1 : ids.indexOf(cursor.value);
  const drawn = ids.slice(from, to).map((id, at) => ({ id, at: from + at }));
  // The row with the focus stays, so that the focus is not lost by scrolling.
  if (stands >= 0 && (stands < from || stands >= to)) drawn.push({ id: ids[stands]!, at: stands });
  const known = shown.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes that somebody works here
    <div
      ref={box}
      class="rows"
      tabIndex={-1}
      onScroll={({ currentTarget }) => {
        scrollPx.value = currentTarget.scrollTop;
        touch();
      }}
      onPointerMove={touch}
      onKeyDown={touch}
    >
      <ol
        style={{ height: `${ids.length && ids.length * ROW_PX + SPARE_PX}px` }}
        aria-label="Alerts, the worst and newest first"
      >
        {drawn.map(({ id, at }) => {
          const item = known.get(id);
          const isEntry = stands < 0 ? at === from : at === stands;
          return item && <Row key={id} item={item} at={at} count={ids.length} isEntry={isEntry} topPx={at * ROW_PX} />;
        })}
      </ol>
    </div>
  );
};

type Box = { readonly current: HTMLDivElement | null };

function useHeight(box: Box, heightPx: { value: number }): void {
  useEffect(() => {
    const seen = new ResizeObserver(([entry]) => {
      if (entry) heightPx.value = entry.contentRect.height;
    });
    if (box.current) seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
}

/** The row stood on is brought into view when the cursor moves. */
function useCursorInView(box: Box): void {
  const asked = focusAsked.value;
  useLayoutEffect(() => {
    const at = rows.peek().indexOf(cursor.peek() ?? "");
    const { current } = box;
    if (!current || at < 0) return;
    const [top, bottom] = [at * ROW_PX, (at + 1) * ROW_PX + SPARE_PX];
    if (top < current.scrollTop) current.scrollTop = top;
    else if (bottom > current.scrollTop + current.clientHeight) current.scrollTop = bottom - current.clientHeight;
  }, [asked, cursor.value]);
}

/** When rows come or go, the one stood on (or the first in view) stays where it is on the screen. */
function useStill(box: Box): void {
  const before = useRef<readonly string[]>([]);
  const ids = rows.value;
  useLayoutEffect(() => {
    const { current } = box;
    if (current && current.scrollTop > 0 && before.current !== ids) {
      const seen = before.current.slice(
        ...windowOf(current.scrollTop, current.clientHeight, ROW_PX, before.current.length, 0),
      );
      const held = seen.find((id) => id === cursor.peek()) ?? seen[0] ?? null;
      current.scrollTop = anchored(held, before.current, ids, current.scrollTop, ROW_PX);
    }
    before.current = ids;
  }, [ids]);
}
