/** When the vessel reaches the next asset, counting down by the time of the picture. */

import type { Alert } from "../api/client";
import { AirText } from "../parts/air_text";
import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { isStale, pictureMs } from "../state/watch";
import { timeOf } from "../words";
import { useAssetName } from "./asset_name";
import { countdownOf } from "./countdown";

export const Next = ({ alert }: { alert: Alert }) => {
  if (!alert.next.length) return null;
  return (
    <section class="part" aria-labelledby="next-title">
      <h3 id="next-title">Next on its way</h3>
      <table class="next">
        <thead class="unseen">
          <tr>
            <th scope="col">Asset</th>
            <th scope="col">In</th>
            <th scope="col">At, UTC</th>
          </tr>
        </thead>
        <tbody>
          {alert.next.map((next) => (
            <NextRow key={next.asset} alert={alert} next={next} />
          ))}
        </tbody>
      </table>
    </section>
  );
};

const NextRow = ({ alert, next }: { alert: Alert; next: Alert["next"][number] }) => {
  const name = useAssetName(next.asset, alert.assets);
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf(pathOf("assets", next.asset))}>
          <AirText text={name} />
        </a>
      </th>
      <td class="number">
        <Countdown etaMs={Date.parse(next.eta)} />
      </td>
      <td class="number">
        <Moment at={next.eta} />
        {next.confidence !== null && <small>{Math.round(100 * next.confidence)} % sure</small>}
      </td>
    </tr>
  );
};

const Countdown = ({ etaMs }: { etaMs: number }) => {
  const now = pictureMs.value;
  if (now === null) return <span class="quiet">?</span>;
  const text = countdownOf((etaMs - now) / 1000);
  if (isStale.value)
    return (
      <span class="quiet">
        {text}
        <small>as of {timeOf(now)}</small>
      </span>
    );
  return etaMs < now ? <span>{text}</span> : <b role="timer">{text}</b>;
};
