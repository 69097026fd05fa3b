/** What stands over the map: what is pointed at, what is to be chosen, the scale, who made the land. */

import { useEffect, useRef } from "preact/hooks";
import { AirText } from "../parts/air_text";
import { Level } from "../parts/level";
import { isOldPicture, live, names, replayed, vesselsLost } from "../state/picture";
import { isStale } from "../state/watch";
import { LEVELS, momentOf, spanOf, speedOf } from "../words";
import type { Chart } from "./chart";
import { chartTrouble } from "./charted";
import { credits } from "./given";
import { Legend } from "./legend";
import { isOld } from "./pick";
import { choice, hovered, open, type Thing } from "./pointer";
import { Scale } from "./scale";

export const Face = ({ chart }: { chart: Chart }) => (
  <>
    <Hover />
    <Choice />
    <OldPicture />
    <Zoom chart={chart} />
    <Legend />
    <div class="map-foot">
      <Scale chart={chart} />
      <span>
        {["Land: Natural Earth", ...credits.value].map((text) => (
          <bdi key={text}>{text}</bdi>
        ))}
      </span>
    </div>
  </>
);

const levelOf = (level: number) => LEVELS[3 - level];

const Words = ({ thing }: { thing: Thing }) => {
  const level = levelOf(thing.level);
  const name = thing.kind === "vessels" ? names.value.get(Number(thing.id)) : thing.name;
  return (
    <>
      {level ? <Level level={level} /> : null}
      <strong>
        <AirText text={name || (thing.kind === "vessels" ? `MMSI ${thing.id}` : thing.id)} />
      </strong>
      {thing.silenced ? <span>silenced</span> : null}
      {thing.kind === "vessels" ? (
        <span class={isOld(thing.ageS) ? "old" : ""}>
          {speedOf(thing.sogKn)}, {isOld(thing.ageS) ? "old: " : ""}heard {spanOf(thing.ageS)} ago
        </span>
      ) : null}
    </>
  );
};

const Hover = () => {
  const at = hovered.value;
  const thing = at?.things[0];
  if (!at || !thing || choice.value) return null;
  return (
    <div class="map-hover" aria-hidden="true" ref={placed(at.xPx, at.yPx)}>
      <Words thing={thing} />
    </div>
  );
};

/** Several things under one finger: which was meant? */
const Choice = () => {
  const list = useRef<HTMLDivElement>(null);
  const at = choice.value;
  useEffect(() => list.current?.querySelector("button")?.focus(), [at]);
  if (!at) return null;
  const shut = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    choice.value = null;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what its buttons offer
    <div
      class="map-choice"
      ref={(box) => {
        list.current = box;
        placed(at.xPx, at.yPx)(box);
      }}
      onKeyDown={shut}
    >
      {at.things.map((thing) => (
        <button type="button" key={thing.kind + thing.id} onClick={() => open(thing)}>
          <Words thing={thing} />
        </button>
      ))}
      {at.more ? <p>and {at.more} more here: zoom in</p> : null}
      <button
        type="button"
        onClick={() => {
          choice.value = null;
        }}
      >
        Close
      </button>
    </div>
  );
};

/** Put an element beside a point of the map, within the map. The page's policy allows no style attributes. */
const placed =
  (xPx: number, yPx: number) =>
  (box: HTMLElement | null): void => {
    const map = box?.parentElement;
    if (!box || !map) return;
    const left = Math.min(xPx + 14, map.clientWidth - box.offsetWidth - 4);
    const top = Math.min(yPx + 14, map.clientHeight - box.offsetHeight - 4);
    box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  };

/** Said on the map itself: what it shows is not now. */
const OldPicture = () => {
  const why = chartTrouble.value;
  const old = !replayed.value && (isStale.value || isOldPicture.value) && live.value;
  if (!old && !why) return null;
  return (
    <p class="map-old" role="status">
      {old ? `Old picture: vessels as of ${momentOf(old.columns.timeMs)}, not as they are now. ` : ""}
      {old && vesselsLost.value ? `(${vesselsLost.value}) ` : ""}
      {why}
    </p>
  );
};

const Zoom = ({ chart }: { chart: Chart }) => (
  <div class="map-zoom">
    <button type="button" aria-label="Zoom in" onClick={() => chart.map.zoomIn()}>
      +
    </button>
    <button type="button" aria-label="Zoom out" onClick={() => chart.map.zoomOut()}>
      −
    </button>
  </div>
);
