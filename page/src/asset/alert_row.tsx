import type { Item } from "../api/client";
import { Level } from "../parts/level";
import { hrefOf, pathOf } from "../state/url";
import { dayOf, kindOf, STATE, timeOf } from "../words";

/** An alert as a row that opens it. */
export const AlertRow = ({ item: { alert, work } }: { item: Item }) => {
  const ms = Date.parse(alert.raised);
  return (
    <a class="alert-row" href={hrefOf(pathOf("alerts", alert.id))}>
      <Level level={alert.level} />
      <span class="alert-words">
        <span>
          {kindOf(alert.kind)},{" "}
          <bdi>{alert.vessel.name || (alert.vessel.mmsi ? `MMSI ${alert.vessel.mmsi}` : "no vessel")}</bdi>
        </span>
        <span class="quiet">
          {dayOf(ms)} {timeOf(ms, false)} UTC, {STATE[work.state]}
          {alert.status === "open" ? "" : `, ${alert.status}`}
        </span>
      </span>
    </a>
  );
};
