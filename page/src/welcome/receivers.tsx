/** Own receivers, and the demonstration: by the command line, in lines to copy. */

import { CopyButton } from "../parts/copy_button";

interface Way {
  title: string;
  line: string;
}

const FEED = "anchorwatch watch --feed";
const WAYS: Way[] = [
  { title: "A receiver, multiplexer or coast station that we connect to", line: `${FEED} tcp://192.0.2.10:5631` },
  {
    title: "Receivers that connect to us, from other machines too",
    line: `${FEED} 'tcp-listen://0.0.0.0:5631?open=yes'`,
  },
  { title: "Datagrams that are sent to this machine", line: `${FEED} udp://0.0.0.0:10110` },
  { title: "A receiver on a serial line", line: `${FEED} serial:/dev/ttyUSB0` },
  { title: "A log that another program writes", line: `${FEED} file:/var/log/ais.nmea` },
];
const DEMO: Way = { title: "No receiver at hand: an incident of 2024, replayed", line: "anchorwatch demo" };

export const Receivers = () => (
  <section aria-labelledby="welcome-own">
    <h3 id="welcome-own">Own receivers</h3>
    <p>
      They are named when the watch is started. End it with Ctrl-C, start it with a line like these and the other
      options it had; <code>--feed</code> may stand several times. NMEA in any shape is read, and the output of
      AIS-catcher.
    </p>
    <Lines ways={WAYS} />
    <h3>A replay</h3>
    <Lines ways={[DEMO]} />
  </section>
);

const Lines = ({ ways }: { ways: Way[] }) => (
  <ul class="link-rows">
    {ways.map(({ title, line }) => (
      <li key={line} class="way">
        <span>{title}</span>
        <span class="command">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a line wider than the screen is scrolled by keys */}
          <code tabIndex={0}>{line}</code>
          <CopyButton text={line} what={line} />
        </span>
      </li>
    ))}
  </ul>
);
