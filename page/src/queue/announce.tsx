import { signal } from "@preact/signals";
import type { Item } from "../api/client";
import { type News, onNews } from "../state/alerts";
import { briefOf, said } from "../state/work";
import { assetsOf } from "./names";
import { tone } from "./sound";

const alarm = signal("");

/** Whether this is an alarm that was not one before. */
export const isNewAlarm = ({ item, before, event }: News): boolean =>
  item.alert.level === "alarm" &&
  before?.alert.level !== "alarm" &&
  (event.verb === "raised" || event.verb === "changed") &&
  !item.silenced;

/** "New alarm: EAGLE S, anchor drag under way, Estlink 2". */
export function alarmWords(found: readonly Item[]): string {
  const words = found.slice(0, 3).map((item) => `${briefOf(item)}, ${assetsOf(item.alert)}`);
  const more = found.length > 3 ? `; and ${found.length - 3} more` : "";
  return `${found.length === 1 ? "New alarm" : `${found.length} new alarms`}: ${words.join("; ")}${more}`;
}

onNews((news) => {
  const found = news.filter(isNewAlarm).map(({ item }) => item);
  if (!found.length) return;
  alarm.value = alarmWords(found);
  tone();
});

/** For screen readers: a new alarm at once, what was done when there is time. */
export const Announcements = () => (
  <>
    <div class="unseen" role="alert">
      {alarm.value}
    </div>
    <div class="unseen" aria-live="polite">
      {said.value}
    </div>
  </>
);
