/** One feed: how it is and since when, what comes, what cannot be read, how far its clock is off, what it leaves out. */

import "./feeds.css";
import { AirText } from "../parts/air_text";
import { Answer, type Asked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { Panel } from "../parts/panel";
import { hrefOf } from "../state/url";
import { pictureMs, status } from "../state/watch";
import { countOf, spanOf } from "../words";
import type { FeedsNow } from "./ask_feeds";
import { CoverageChoice } from "./coverage_choice";
import {
  agoOf,
  clockOf,
  type Feed,
  healthOf,
  lacking,
  rejectedShare,
  rejectsOf,
  signOf,
  silenceOf,
} from "./feed_words";
import { Health } from "./health";
import { RateLine } from "./rate_line";
import { ratesOf, type Sample } from "./rates";

export const FeedPage = ({ name, asked }: { name: string; asked: Asked<FeedsNow> }) => (
  <Panel
    title={
      <>
        Feed <AirText text={name} />
      </>
    }
  >
    <Answer asked={asked} what="feed">
      {({ feeds, samples }) => {
        const feed = feeds.find((known) => known.name === name);
        return feed ? <Opened feed={feed} samples={samples.get(name) ?? []} /> : <Unknown name={name} />;
      }}
    </Answer>
    <p>
      <a class="button" href={hrefOf("/feeds")}>
        All feeds
      </a>
    </p>
  </Panel>
);

const Unknown = ({ name }: { name: string }) => (
  <p class="outage">
    The watch has no feed <bdi>{name}</bdi> now. It may have been switched off, or have another name.
  </p>
);

const Opened = ({ feed, samples }: { feed: Feed; samples: readonly Sample[] }) => {
  const nowMs = pictureMs.value ?? Date.now();
  return (
    <div class="stack">
      <section aria-labelledby="feed-health">
        <h3 id="feed-health" class="unseen">
          Health
        </h3>
        <p class={feed.healthy ? "lead" : "lead outage"}>
          <Health sign={signOf(feed)} /> <bdi>{healthOf(feed, nowMs)}</bdi>
        </p>
        {!feed.healthy && <p>{lacking(feed)}</p>}
        {feed.note && (
          <p>
            <bdi>{feed.note}</bdi>
          </p>
        )}
      </section>
      <Coming feed={feed} samples={samples} nowMs={nowMs} />
      <Unreadable feed={feed} />
      <section aria-labelledby="feed-silence">
        <h3 id="feed-silence">What its silence means</h3>
        <p>{silenceOf(feed)}</p>
      </section>
      <CoverageChoice feed={feed.name} />
      <Times feed={feed} nowMs={nowMs} />
    </div>
  );
};

const Coming = ({ feed, samples, nowMs }: { feed: Feed; samples: readonly Sample[]; nowMs: number }) => {
  const rates = ratesOf(samples);
  return (
    <section aria-labelledby="feed-rates">
      <h3 id="feed-rates">What comes</h3>
      <p>
        <RateLine rates={rates} of="lines" what="lines" />
      </p>
      <p>
        <RateLine rates={rates} of="rows" what="positions" />
      </p>
      <p class="quiet">
        {rates.spanS ? `Over the last ${spanOf(rates.spanS)} that this page was open. ` : ""}
        Since the start of the watch <Moment at={status.value?.started} day />: {countOf(feed.lines)} lines,{" "}
        {countOf(feed.rows)} positions, connected {feed.connects === 1 ? "once" : `${countOf(feed.connects)} times`}.
        The last line came {agoOf(feed.last, nowMs)}.
      </p>
    </section>
  );
};

const Unreadable = ({ feed }: { feed: Feed }) => {
  const rejects = rejectsOf(feed);
  return (
    <section aria-labelledby="feed-rejects">
      <h3 id="feed-rejects">What was not used</h3>
      <p>
        {rejectedShare(feed)}. {countOf(feed.duplicates)} positions had come by another feed before,{" "}
        {countOf(feed.late)} came too late to be judged (they are kept in the raw log).
      </p>
      {rejects.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Could not be read</th>
              <th scope="col">Lines</th>
            </tr>
          </thead>
          <tbody>
            {rejects.map(({ reason, count }) => (
              <tr key={reason}>
                <th scope="row">
                  <bdi>{reason}</bdi>
                </th>
                <td>{countOf(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};

const Times = ({ feed, nowMs }: { feed: Feed; nowMs: number }) => (
  <section aria-labelledby="feed-times">
    <h3 id="feed-times">Times and connection</h3>
    <dl class="facts">
      <dt>Its clock</dt>
      <dd>{clockOf(feed)}</dd>
      <dt>Newest time said</dt>
      <dd>
        <Moment at={feed.newest} />
      </dd>
      <dt>Waited for up to</dt>
      <dd>
        <Moment at={feed.watermark} />
        {feed.watermark && ` (${agoOf(feed.watermark, nowMs)}): what came before is in order and judged`}
      </dd>
      <dt>May be late by</dt>
      <dd>{spanOf(feed.hold_back_s)} and is still put in order</dd>
      <dt>Not healthy after</dt>
      <dd>{spanOf(feed.silent_after_s)} of silence</dd>
      <dt>Connection</dt>
      <dd>
        {feed.state}, since <Moment at={feed.since} />
      </dd>
      <dt>Address</dt>
      <dd class="mono">
        <AirText text={feed.url} />
      </dd>
    </dl>
  </section>
);
