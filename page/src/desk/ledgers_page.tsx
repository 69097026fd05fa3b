/** The ledgers: what was said, kept as tables. */

import "./desk.css";
import { Answer, useAsked } from "../parts/asked";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf } from "../state/url";
import { countOf, saidOf } from "../words";
import { ledgersOf } from "./ask";
import { DeskNav } from "./desk_nav";

const HOLDS: Record<string, string> = {
  incidents: "damage, outages, airspace, scenarios of attack",
  presence: "what forces are sent where; zones proposed and in force",
  energy: "grids disconnected and connected, facilities, transfer capacity",
  assistance: "needs, pledges, licences, purchases, deliveries; what is still open",
  spending: "levels and targets, and who asks for them",
  positions: "who is for, who is against, on what condition",
  calendar: "meetings past and to come",
};

export const LedgersPage = () => {
  const answer = useAsked(ledgersOf, "ledgers", 60);
  return (
    <Panel title="Ledgers">
      <DeskNav />
      <div class="stack">
        <p class="quiet">Built from what reports tell. Every row opens the words that it rests on.</p>
        <Answer asked={answer} what="list of ledgers">
          {(ledgers) => (
            <ul class="link-rows">
              {ledgers.map(({ name, title, rows }) => (
                <li key={name}>
                  <a class="asset-row ledger-row" href={hrefOf(pathOf("ledgers", name))}>
                    <span class="name-words">
                      <strong>{title}</strong>
                      <span class="quiet">{saidOf(HOLDS, name) ?? ""}</span>
                    </span>
                    <span class="count-of">{rows === 1 ? "1 row" : `${countOf(rows)} rows`}</span>
                  </a>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </div>
    </Panel>
  );
};
