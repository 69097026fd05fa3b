/** The open feeds: what each covers, leaves out and needs; switched on and off; what comes of it. */

import { useState } from "preact/hooks";
import { api, type Schemas, told, wordsOf } from "../api/client";
import { useFeeds } from "../feeds/ask_feeds";
import { Health } from "../feeds/health";
import { Answer, useAsked } from "../parts/asked";
import { hrefOf, pathOf } from "../state/url";
import { status } from "../state/watch";
import { waitingOf } from "./waiting";

type Offer = Schemas["FeedOffer"];
type Feed = Schemas["FeedState"];
const ASKED_EVERY_S = 10;
/** While a first message is awaited. */
const SOON_S = 2;

export const Offers = () => {
  const asked = useAsked((signal) => told(api.GET("/api/v1/feeds/offers", { signal })), "offers", ASKED_EVERY_S);
  const feeds = useFeeds(asked.data?.offers.some((offer) => offer.on) ? SOON_S : undefined);
  const may = status.value?.me.may.includes("supervise") ?? false;
  return (
    <section aria-labelledby="welcome-offers">
      <h3 id="welcome-offers">Open feeds, ready to be switched on</h3>
      {status.value && !may && (
        <p class="outage">
          You are logged in as <bdi>{status.value.me.name}</bdi> ({status.value.me.role}). Feeds are switched on and off
          by supervisors: ask one, or log in as one.
        </p>
      )}
      <Answer asked={asked} what="list of open feeds">
        {({ offers, closed }) => (
          <>
            {closed && <p class="outage">Not here: {closed}</p>}
            <ul class="offers">
              {offers.map((offer) => (
                <OfferCard
                  key={offer.name}
                  offer={offer}
                  feed={feeds.data?.feeds.find((feed) => feed.name === offer.name)}
                  may={may && !closed}
                  again={asked.again}
                />
              ))}
            </ul>
          </>
        )}
      </Answer>
      <p class="quiet">
        They are connected to over the internet, now and at each start to come. Nothing is sent to them but what is
        needed to connect.
      </p>
    </section>
  );
};

interface CardOf {
  offer: Offer;
  feed: Feed | undefined;
  may: boolean;
  again: () => void;
}

const OfferCard = ({ offer, feed, may, again }: CardOf) => {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const [onMs, setOnMs] = useState<number | null>(null);
  const turn = async (on: boolean): Promise<void> => {
    setBusy(true);
    setTrouble(await switched(offer.name, on));
    if (on) setOnMs(performance.now());
    setBusy(false);
    again();
  };
  const given = offer.by === "command line";
  return (
    <li class="offer">
      <h4>
        <bdi>{offer.title}</bdi>
      </h4>
      <dl class="facts">
        <dt>Hears</dt>
        <dd>{offer.area}</dd>
        <dt>By rule</dt>
        <dd>{offer.policy || "nothing that is known"}</dd>
        <dt>Licence</dt>
        <dd>{offer.licence}</dd>
        <dt>Needs</dt>
        <dd>{offer.needs || (offer.on ? "nothing more" : "nothing: no account, no key")}</dd>
      </dl>
      {offer.on && <Outcome feed={feed} onMs={onMs} />}
      {trouble && <p class="outage">{trouble}</p>}
      <p class="choices">
        <button
          type="button"
          class={offer.on ? "" : "first"}
          aria-label={`Switch ${offer.on ? "off" : "on"}: ${offer.name}`}
          disabled={!may || busy || given || (!offer.on && offer.needs !== "")}
          onClick={() => void turn(!offer.on)}
        >
          Switch {offer.on ? "off" : "on"}
        </button>
        {given && <span class="quiet">on by the command line</span>}
        {offer.on && <a href={hrefOf(pathOf("feeds", offer.name))}>Its page</a>}
      </p>
    </li>
  );
};

const Outcome = ({ feed, onMs }: { feed: Feed | undefined; onMs: number | null }) => {
  const { words, heard, failed } = waitingOf(feed, onMs === null ? 0 : (performance.now() - onMs) / 1000);
  return (
    <p role="status" class={failed ? "outage" : "lead"}>
      {(heard || failed) && <Health sign={heard ? "well" : "ill"} />} <bdi>{words}</bdi>
    </p>
  );
};

async function switched(name: string, on: boolean): Promise<string> {
  const params = { params: { path: { name } } };
  try {
    await told(
      on ? api.POST("/api/v1/feeds/offers/{name}", params) : api.DELETE("/api/v1/feeds/offers/{name}", params),
    );
    return "";
  } catch (error) {
    return `Not switched ${on ? "on" : "off"}: ${wordsOf(error)}`;
  }
}
