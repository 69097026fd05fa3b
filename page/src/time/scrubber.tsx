import { useState } from "preact/hooks";
import { useWidth } from "../parts/width";
import { pictureMs } from "../state/watch";
import { dayOf, momentOf, spanOf, timeOf } from "../words";
import { bar, span, timeline } from "./heard";
import { Histogram } from "./histogram";
import { backToNow, play, shownMs, showTime } from "./shown";
import { slotWords } from "./slots";
import { keyed, msAt, type Window, xOf } from "./window";

const AT_NOW_PX = 6;

/** The bar itself: a slider over the histogram. */
export const Scrubber = () => {
  const [box, widthPx] = useWidth(600);
  const [at, setAt] = useState<number | null>(null);
  const window = bar.value;
  if (!window) return <div class="scrubber" ref={box} />;
  const move = (press: PointerEvent & { currentTarget: HTMLElement }): void => {
    const x = press.clientX - press.currentTarget.getBoundingClientRect().left;
    setAt(x);
    if (press.currentTarget.hasPointerCapture(press.pointerId)) scrub(x, window, widthPx);
  };
  const down = (press: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (press.button !== 0) return;
    press.currentTarget.setPointerCapture(press.pointerId);
    play(0);
    move(press);
  };
  return (
    <div
      class="scrubber"
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label="Time shown"
      aria-valuemin={Math.round(window.fromMs / 1000)}
      aria-valuemax={Math.round(window.untilMs / 1000)}
      aria-valuenow={Math.round((shownMs.value ?? pictureMs.value ?? window.untilMs) / 1000)}
      aria-valuetext={valueText()}
      onPointerDown={down}
      onPointerMove={move}
      onPointerLeave={() => setAt(null)}
      onKeyDown={(key) => press(key, window)}
    >
      <Histogram window={window} widthPx={widthPx} />
      <Head window={window} widthPx={widthPx} />
      {at !== null && <Under x={at} window={window} widthPx={widthPx} />}
    </div>
  );
};

function valueText(): string {
  const ms = shownMs.value;
  if (ms === null) return "Now";
  return `${momentOf(ms)}, ${spanOf(((pictureMs.value ?? ms) - ms) / 1000)} before now`;
}

function scrub(x: number, window: Window, widthPx: number): void {
  const atNow = window.untilMs >= (pictureMs.peek() ?? 0);
  if (atNow && x >= widthPx - AT_NOW_PX) backToNow();
  else showTime(msAt(x, window, widthPx));
}

function press(key: KeyboardEvent, window: Window): void {
  if (key.ctrlKey || key.metaKey || key.altKey) return;
  const to = keyed(key.key, shownMs.peek() ?? pictureMs.peek() ?? window.untilMs, span.peek(), window);
  if (to === null) return;
  key.preventDefault();
  key.stopPropagation();
  play(0);
  if (to === "now") backToNow();
  else showTime(to);
}

/** Where the shown time is. */
const Head = ({ window, widthPx }: { window: Window; widthPx: number }) => {
  const ms = shownMs.value;
  const x =
    ms === null ? Math.min(widthPx, xOf(pictureMs.value ?? window.untilMs, window, widthPx)) : xOf(ms, window, widthPx);
  if (x < 0 || x > widthPx + 1) return null;
  return (
    <div class={`head ${ms === null ? "live" : "earlier"}`} style={{ transform: `translateX(${x.toFixed(1)}px)` }}>
      {ms !== null && <b style={{ transform: `translateX(${-(x / widthPx) * 100}%)` }}>{timeOf(ms)}</b>}
    </div>
  );
};

/** What there was at the moment under the pointer. */
const Under = ({ x, window, widthPx }: { x: number; window: Window; widthPx: number }) => {
  const ms = msAt(x, window, widthPx);
  return (
    <div class="under" aria-hidden="true" style={{ left: `${x}px`, transform: `translateX(${-(x / widthPx) * 100}%)` }}>
      <b>
        {dayOf(ms)} {timeOf(ms, false)}
      </b>
      {slotWords(timeline.value?.slots ?? [], ms, timeline.value?.step_s ?? 0).map((line) => (
        <bdi key={line}>{line}</bdi>
      ))}
    </div>
  );
};
