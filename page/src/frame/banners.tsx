import { useState } from "preact/hooks";
import { loading } from "../state/alerts";
import { hrefOf } from "../state/url";
import {
  again,
  answers,
  clockOffS,
  contact,
  heardMs,
  heartbeat,
  isStale,
  lostMs,
  lostWhy,
  restartedMs,
  slept,
  standsS,
  tickMs,
} from "../state/watch";
import { isKept, waiting, whyWaiting } from "../state/work";
import { EarlierBanner } from "../time/earlier";
import { Holding, type Said, saidOf } from "./said";

const holding = new Holding();

/** What must not be overlooked: a lost connection, trouble of the watch, feeds that are silent. */
export const Banners = () => {
  const all = holding.take(saidNow(), tickMs.value);
  return (
    <section class="said" aria-label="What must not be overlooked">
      <EarlierBanner />
      {/* Read out when it comes, not each second: what counts is hidden from screen readers. */}
      <div class="said-all" role="alert">
        {all.map((said) => (
          <Banner key={said.key} said={said} />
        ))}
      </div>
    </section>
  );
};

const saidNow = (): Said[] =>
  saidOf({
    nowMs: tickMs.value,
    contact: contact.value,
    stale: isStale.value,
    lostMs: lostMs.value,
    heardMs: heardMs.value,
    lostWhy: lostWhy.value,
    beat: heartbeat.value,
    slept: slept.value,
    restartedMs: restartedMs.value,
    clockOffS: clockOffS.value,
    answers: answers.value,
    standsS: standsS.value,
    waiting: waiting.value.length,
    waitingKept: isKept.value,
    waitingWhy: whyWaiting.value,
    alertsTrouble: contact.value === "live" && loading.value && !loading.value.endsWith("...") ? loading.value : null,
  });

const Banner = ({ said }: { said: Said }) => (
  <p class={`banner ${said.weight}`}>
    <span>
      <strong>
        <span aria-hidden="true">{said.weight === "bad" ? "⚠ " : "ℹ "}</span>
        <bdi>{said.head}</bdi>
      </strong>{" "}
      {said.count && <span aria-hidden="true">{said.count}. </span>}
      <Text text={said.text} />
    </span>
    {said.link && (
      <a class="button" href={hrefOf(said.link.href)}>
        {said.link.words}
      </a>
    )}
    {said.again && (
      <button type="button" onClick={again}>
        Try now
      </button>
    )}
    {said.harmless && (
      <button type="button" onClick={() => putAway(said.key)}>
        Understood
      </button>
    )}
  </p>
);

// Two or three lines at 1280: a trouble may name twenty feeds with a reason each, and the map must still be seen.
const LONG = 260;

const Text = ({ text }: { text: string }) => {
  const [whole, setWhole] = useState(false);
  if (text.length <= LONG) return <bdi>{text}</bdi>;
  return (
    <>
      <bdi>{whole ? text : `${text.slice(0, LONG).replace(/\s\S*$/, "")} ...`}</bdi>{" "}
      <button type="button" class="in-line" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? "Less" : "All of it"}
      </button>
    </>
  );
};

function putAway(key: string): void {
  if (key === "slept") slept.value = null;
  if (key === "restarted") restartedMs.value = null;
  holding.forget(key);
}
