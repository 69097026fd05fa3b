/** Where alerts are sent, and the button that tries it. */

import { useState } from "preact/hooks";
import { api, type Schemas, told, wordsOf } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { Level } from "../parts/level";
import { Moment } from "../parts/moment";
import { status } from "../state/watch";
import { kindOf } from "../words";

type Channel = Schemas["Channel"];
const ASKED_EVERY_S = 30;

export const Channels = () => {
  const asked = useAsked((signal) => told(api.GET("/api/v1/channels", { signal })), "channels", ASKED_EVERY_S);
  return (
    <section aria-labelledby="channels">
      <h3 id="channels">Where alerts are sent</h3>
      <Answer asked={asked} what="list of channels">
        {({ channels }) =>
          channels.length ? (
            <ul class="link-rows">
              {channels.map((channel) => (
                <li key={channel.name}>
                  <ChannelRow channel={channel} again={asked.again} />
                </li>
              ))}
            </ul>
          ) : (
            <p>Nowhere: alerts are seen on this page only. Channels are set when the watch is started.</p>
          )
        }
      </Answer>
    </section>
  );
};

const ChannelRow = ({ channel, again }: { channel: Channel; again: () => void }) => (
  <div class="channel">
    <p>
      <strong>
        <bdi>{channel.name}</bdi>
      </strong>
      , <bdi>{channel.sends_to}</bdi>, from <Level level={channel.at_least} /> up
      {channel.kinds.length > 0 && `, only ${channel.kinds.map(kindOf).join(", ")}`}
      {channel.assets.length > 0 && `, only ${channel.assets.length} assets`}
    </p>
    {channel.trouble && (
      <p class="outage">
        The last try failed: <bdi>{channel.trouble}</bdi>
      </p>
    )}
    <p class="quiet">
      Last sent: <Moment at={channel.last_sent} day />.
      {channel.quiet !== null &&
        ` Quiet ${channel.quiet}, ${channel.quiet_alarms ? "alarms wait too" : "not for alarms"}.`}
      {channel.most_per_hour !== null && ` At most ${channel.most_per_hour} an hour, the rest together later.`}
    </p>
    <Test name={channel.name} again={again} />
  </div>
);

const Test = ({ name, again }: { name: string; again: () => void }) => {
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const may = status.value?.me.may.includes("supervise") ?? false;
  const test = async (): Promise<void> => {
    setBusy(true);
    setSaid("Sending ...");
    setSaid(await tried(name));
    setBusy(false);
    again();
  };
  return (
    <>
      <button type="button" disabled={busy || !may} onClick={() => void test()}>
        Send a test message
      </button>
      {!may && <span class="quiet"> For supervisors.</span>}
      <p role="status">
        <bdi>{said}</bdi>
      </p>
    </>
  );
};

async function tried(name: string): Promise<string> {
  try {
    const asked = api.POST("/api/v1/channels/{name}/test", { params: { path: { name } } });
    const { sent, why, took_s: took } = await told(asked);
    return sent ? `Sent in ${took.toFixed(1)} s. See that it came.` : `Not sent: ${why}`;
  } catch (error) {
    return `Not tried: ${wordsOf(error)}`;
  }
}
