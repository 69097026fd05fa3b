import { LookSwitch } from "../look/look_switch";
import { SearchBox } from "../search/search_box";
import { ShareButton } from "../share/share_button";
import { hrefOf } from "../state/url";
import { heartbeat } from "../state/watch";
import { Counts } from "./counts";
import { queueShown, showQueue } from "./layout";
import { PersonMenu } from "./person";
import { Sign } from "./symbols";
import { WatchSign } from "./watch_sign";

/** What is always in sight: how the watch is, what time it is there, what waits, whether it hears. */
export const Top = () => (
  <header class="top">
    <a class="button brand" href={hrefOf("/")} aria-label="Anchorwatch: to the map">
      <Sign name="anchor" />
      <span class="brand-name">Anchorwatch</span>
    </a>
    <WatchSign />
    <button
      type="button"
      class="queue-switch"
      aria-pressed={queueShown.value}
      aria-label="Show the queue of alerts"
      title="Show the queue of alerts"
      onClick={() => showQueue(!queueShown.peek())}
    >
      <Sign name="list" />
    </button>
    <Counts />
    <Feeds />
    <SearchBox />
    <a class="button search-link" href={hrefOf("/search")} aria-label="Search" title="Search">
      <Sign name="search" />
    </a>
    <ShareButton />
    <LookSwitch />
    <PersonMenu />
  </header>
);

const Feeds = () => {
  const feeds = heartbeat.value?.feeds;
  const ill = feeds?.filter((feed) => !feed.healthy).length ?? 0;
  const words = !feeds
    ? "feeds ?"
    : !feeds.length
      ? "no feed"
      : ill
        ? `${ill}/${feeds.length} ill`
        : `${feeds.length} well`;
  const label = !feeds
    ? "not known"
    : !feeds.length
      ? "none is connected"
      : ill
        ? `${ill} of ${feeds.length} not well`
        : "all are well";
  return (
    <a
      class={`button feeds ${!feeds?.length || ill ? "ill" : "well"}`}
      href={hrefOf("/feeds")}
      aria-label={`Feeds: ${label}`}
      title={`Feeds: ${label}`}
    >
      <span aria-hidden="true">{!feeds?.length || ill ? "▲" : "●"}</span>
      <span class="feeds-word">Feeds</span> {words}
    </a>
  );
};
