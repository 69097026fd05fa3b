import { useLayoutEffect, useRef } from "preact/hooks";
import type { Item } from "../api/client";
import { Level } from "../parts/level";
import { hasChanged, isUnread } from "../state/reviewed";
import { hrefOf, pathOf, view } from "../state/url";
import { pictureMs } from "../state/watch";
import { deeds } from "../state/work";
import { thenMs } from "../time/stood";
import { momentOf, spanOf } from "../words";
import { cursor, focusAsked } from "./cursor";
import { ageS, ageText, aheadOf, assetNameOf, assetsOf, briefKindOf, reasonOf, standOf, vesselOf } from "./names";
import { rows, touch } from "./rows";
import { choose, chooseTo, selected } from "./selection";

interface Shape {
  item: Item;
  at: number;
  count: number;
  topPx: number;
  /** The one row that the Tab key comes to. */
  isEntry: boolean;
}

/** One alert: what, who, where, how old, why, how far the work on it is. */
export const Row = ({ item, at, count, topPx, isEntry }: Shape) => {
  const { alert, work } = item;
  const stands = cursor.value === alert.id;
  const isOpen = view.value.name === "alerts" && view.value.id === alert.id;
  const names = ["alert-row", work.state === "closed" || alert.status === "withdrawn" ? "over" : ""];
  if (stands) names.push("stands");
  if (isUnread(item) && work.state !== "closed") names.push("unread");
  return (
    <li
      class={names.join(" ")}
      data-alert={alert.id}
      aria-setsize={count}
      aria-posinset={at + 1}
      style={{ top: `${topPx}px` }}
    >
      <Choice item={item} isEntry={isEntry} />
      <RowLink item={item} stands={stands} isOpen={isOpen} isEntry={isEntry}>
        <Lines item={item} />
      </RowLink>
    </li>
  );
};

const Choice = ({ item, isEntry }: { item: Item; isEntry: boolean }) => {
  const { id } = item.alert;
  return (
    <label class="choice">
      <input
        type="checkbox"
        aria-label={`Choose ${vesselOf(item.alert)}`}
        checked={selected.value.has(id)}
        tabIndex={isEntry ? 0 : -1}
        onClick={(click) => {
          touch();
          if (click.shiftKey) chooseTo(rows.peek(), id);
          else choose(id);
        }}
      />
    </label>
  );
};

interface LinkShape {
  item: Item;
  stands: boolean;
  isOpen: boolean;
  isEntry: boolean;
  children: preact.ComponentChildren;
}

const RowLink = ({ item, stands, isOpen, isEntry, children }: LinkShape) => {
  const link = useRef<HTMLAnchorElement>(null);
  const asked = focusAsked.value;
  const { id } = item.alert;
  useLayoutEffect(() => {
    // The cursor may have gone on since: then this row is not asked any more.
    if (stands && asked && cursor.peek() === id) link.current?.focus({ preventScroll: true });
  }, [asked]);
  const click = (event: MouseEvent): void => {
    touch();
    cursor.value = id;
    if (!event.shiftKey) return;
    event.preventDefault();
    chooseTo(rows.peek(), id);
  };
  return (
    <a
      ref={link}
      href={hrefOf(pathOf("alerts", id))}
      aria-current={isOpen ? "true" : undefined}
      tabIndex={isEntry ? 0 : -1}
      onFocus={() => {
        cursor.value = id;
      }}
      onClick={click}
    >
      {children}
    </a>
  );
};

const Lines = ({ item }: { item: Item }) => {
  const { alert } = item;
  const isThen = thenMs.value !== null;
  const ahead = isThen ? null : aheadOf(alert, pictureMs.value); // it is as of the last word about it

  return (
    <>
      <span class="line">
        <Mark item={item} />
        <Level level={alert.level} />
        <bdi class="who">{vesselOf(alert)}</bdi>
        <bdi class={`state ${item.work.state}`}>{standOf(item)}</bdi>
      </span>
      <span class="line">
        <span class="what">
          {briefKindOf(alert.kind)}, <bdi>{assetsOf(alert)}</bdi>
        </span>
        <span class="age mono" title={`raised ${momentOf(Date.parse(alert.raised))}`}>
          {ageText(ageS(alert, thenMs.value ?? pictureMs.value))}
        </span>
      </span>
      <span class="line quiet">
        <Tags item={item} />
        <bdi class="what">{reasonOf(alert)}</bdi>
        {ahead && alert.status === "open" && (
          <span class="ahead mono">
            in {spanOf(ahead.inS)}: <bdi>{assetNameOf(ahead.asset)}</bdi>
          </span>
        )}
      </span>
    </>
  );
};

/** Not reviewed yet, or changed since: a mark as on mail, with a word for those who hear it. */
const Mark = ({ item }: { item: Item }) => {
  if (!isUnread(item) || item.work.state === "closed") return null;
  const word = hasChanged(item) ? "changed since reviewed" : "not reviewed";
  return (
    <span class="mark" title={word}>
      <span aria-hidden="true">{hasChanged(item) ? "◐" : "●"}</span>
      <span class="unseen">{word}, </span>
    </span>
  );
};

/** What must not be overlooked about it: actions that wait or were refused, its end, a silence. */
const Tags = ({ item }: { item: Item }) => {
  const { alert, silenced } = item;
  const all = deeds.value.filter((deed) => deed.alertId === alert.id);
  const refusals = all.filter((deed) => deed.refusal).length;
  const words = [
    all.length > refusals ? `waiting to be sent (${all.length - refusals})` : "",
    refusals ? `not done (${refusals})` : "",
    alert.status === "open" ? "" : alert.status,
    silenced ? "silenced" : "",
  ].filter(Boolean);
  return words.map((word) => (
    <span key={word} class="tag">
      {word}
    </span>
  ));
};
