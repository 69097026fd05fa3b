/** The feeds: what is heard, what is not, where; the watch itself; where alerts are sent. */

import "./feeds.css";
import { PressHealth } from "../desk/press_health";
import { Answer } from "../parts/asked";
import { More } from "../parts/more";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf } from "../state/url";
import { heartbeat, pictureMs } from "../state/watch";
import { type FeedsNow, useFeeds } from "./ask_feeds";
import { Channels } from "./channels";
import { CoverageChoice } from "./coverage_choice";
import { FeedPage } from "./feed_page";
import { type Feed, healthOf, meaningOf, signOf, worstFirst } from "./feed_words";
import { Health } from "./health";
import { RateLine } from "./rate_line";
import { ratesOf, type Sample } from "./rates";
import { WatchItself } from "./watch_itself";

export const FeedsPage = ({ name }: { name: string }) => {
  useOwnWords("heard");
  const asked = useFeeds();
  if (name) return <FeedPage key={name} name={name} asked={asked} />;
  return (
    <Panel title="Feeds">
      <div class="stack">
        <Answer asked={asked} what="list of feeds">
          {(now) => <Feeds now={now} />}
        </Answer>
        <CoverageChoice feed={null} />
        <PressHealth />
        <WatchItself />
        <Channels />
        <p>
          <a class="button" href={hrefOf("/welcome")}>
            Connect a feed
          </a>
        </p>
      </div>
    </Panel>
  );
};

const Feeds = ({ now: { feeds, samples } }: { now: FeedsNow }) => {
  const replay = heartbeat.value?.replay_of;
  if (!feeds.length)
    return (
      <p class="outage">
        {replay ? (
          <>
            This is a replay of <bdi>{replay}</bdi>. No feed is connected, and nothing that is shown is of now.
          </>
        ) : (
          <>
            No feed is connected: the watch hears nothing, and an empty sea means nothing.{" "}
            <a href={hrefOf("/welcome")}>Connect one</a>
          </>
        )}
      </p>
    );
  const nowMs = pictureMs.value ?? Date.now();
  return (
    <section aria-labelledby="feeds-heard">
      <h3 id="feeds-heard">{feeds.length === 1 ? "One feed" : `${feeds.length} feeds`}</h3>
      <p class={feeds.every((feed) => signOf(feed) === "well") ? "" : "outage"}>{meaningOf(feeds)}</p>
      <More rows={[...feeds].sort(worstFirst)}>
        {(shown) => (
          <ul class="link-rows">
            {shown.map((feed) => (
              <li key={feed.name}>
                <FeedRow feed={feed} samples={samples.get(feed.name) ?? []} nowMs={nowMs} />
              </li>
            ))}
          </ul>
        )}
      </More>
    </section>
  );
};

const FeedRow = ({ feed, samples, nowMs }: { feed: Feed; samples: readonly Sample[]; nowMs: number }) => (
  <a class="feed-row" href={hrefOf(pathOf("feeds", feed.name))}>
    <span class="feed-name">
      <Health sign={signOf(feed)} />
      <bdi>{feed.name}</bdi>
    </span>
    <span class={signOf(feed) === "well" ? "quiet" : ""}>
      <bdi>{healthOf(feed, nowMs)}</bdi>
    </span>
    {feed.note && (
      <span class="quiet">
        <bdi>{feed.note}</bdi>
      </span>
    )}
    <RateLine rates={ratesOf(samples)} of="lines" what="lines" />
  </a>
);
