/** The feeds and files that reports come from, and how each is: part of the page of the feeds. */

import { Health } from "../feeds/health";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { More } from "../parts/more";
import { hrefOf } from "../state/url";
import { countOf } from "../words";
import { pressOf } from "./ask";
import "./desk.css";
import { pressNameOf, pressSumOf } from "./press_words";
import type { Press, PressFeed } from "./records";

const ASKED_EVERY_S = 30;

export const PressHealth = () => {
  const answer = useAsked(pressOf, "press", ASKED_EVERY_S);
  return (
    <section aria-labelledby="press-health">
      <h3 id="press-health">Feeds of reports</h3>
      <Answer asked={answer} what="list of feeds of reports">
        {(press) => <Known press={press} />}
      </Answer>
    </section>
  );
};

const Known = ({ press }: { press: Press }) => (
  <>
    <p class={press.feeds.some(({ well }) => !well) ? "outage" : "quiet"}>
      {pressSumOf(press)} <a href={hrefOf("/reports")}>Reports</a>
    </p>
    <More rows={[...press.feeds].sort((a, b) => Number(a.well) - Number(b.well))}>
      {(shown) => (
        <ul class="link-rows">
          {shown.map((feed) => (
            <li key={feed.url} class="press-feed">
              <OneFeed feed={feed} />
            </li>
          ))}
        </ul>
      )}
    </More>
  </>
);

const OneFeed = ({ feed }: { feed: PressFeed }) => (
  <>
    <span class="feed-name">
      <Health sign={feed.well ? "well" : "ill"} />
      <bdi>{pressNameOf(feed)}</bdi>
    </span>
    {!feed.well && (
      <span>
        Trouble: <bdi>{feed.why}</bdi>
      </span>
    )}
    <span class="quiet">
      {countOf(feed.new)} new, {countOf(feed.known)} known already;{" "}
      {feed.last_ok ? (
        <>
          read last <Moment at={feed.last_ok} day />
        </>
      ) : (
        "never read"
      )}
      {feed.next && (
        <>
          , asked again <Moment at={feed.next} day />
        </>
      )}
    </span>
    <Counted words="Left out" of={feed.rejects} />
    <Counted words="Noted" of={feed.notes} />
  </>
);

const Counted = ({ words, of }: { words: string; of: Record<string, number> }) => {
  const all = Object.entries(of).slice(0, 8);
  if (!all.length) return null;
  return (
    <span class="quiet">
      {words}: <bdi>{all.map(([why, count]) => `${why} (${countOf(count)})`).join(", ")}</bdi>
    </span>
  );
};

/** Above the stream: only where something does not come in. */
export const PressTrouble = () => {
  const { data } = useAsked(pressOf, "press", ASKED_EVERY_S);
  const ill = data?.feeds.filter(({ well }) => !well) ?? [];
  if (!ill.length || !data) return null;
  return (
    <p class="outage">
      {pressSumOf(data)} <a href={hrefOf("/feeds")}>How they are</a>
    </p>
  );
};
