import { DeskLink } from "../desk/desk_link";
import { LookSwitch } from "../look/look_switch";
import { Sign } from "../parts/sign";
import { SearchBox } from "../search/search_box";
import { ShareButton } from "../share/share_button";
import { hrefOf } from "../state/url";
import { heartbeat, isStale } from "../state/watch";
import { Counts } from "./counts";
import { queueShown, showQueue } from "./layout";
import { PersonMenu } from "./person";
import { WatchSign } from "./watch_sign";
import { feedsWords } from "./watch_words";

/** What is always in sight: how the watch is, what time it is there, what waits, whether it hears. */
export const Top = () => (
  <header class="top">
    <h1 class="unseen">Anchorwatch</h1>
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
    <DeskLink />
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
  const { words, long, isIll } = feedsWords(heartbeat.value, isStale.value);
  return (
    <a
      class={`button feeds ${isIll ? "ill" : "well"}`}
      href={hrefOf("/feeds")}
      aria-label={`Feeds: ${words}. ${long}`}
      title={`Feeds: ${long}`}
    >
      <span aria-hidden="true">{isIll ? "▲" : "●"}</span>
      <span class="feeds-word">{words}</span>
    </a>
  );
};
