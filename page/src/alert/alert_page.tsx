/** One alert: what, why, what else it may be, what comes next, and what was done about it. */

import { useEffect } from "preact/hooks";
import type { Item } from "../api/client";
import { ReportsNearAlert } from "../desk/reports_near_alert";
import { AirText } from "../parts/air_text";
import { Answer } from "../parts/asked";
import { fitAgain } from "../parts/fit_once";
import { Panel } from "../parts/panel";
import { Actions } from "../queue/actions";
import { hrefOf } from "../state/url";
import { kindOf } from "../words";
import "./alert.css";
import { Alternatives } from "./alternatives";
import { ChangeNotice } from "./change_notice";
import { Drafts } from "./drafts";
import { EvidencePart } from "./evidence";
import { Facts, Involved } from "./facts";
import { Head } from "./head";
import { History } from "./history";
import { useAlert } from "./loading";
import { Next } from "./next";
import { Reasons } from "./reasons";

export const AlertPage = ({ id }: { id: string }) => {
  const opened = useAlert(id);
  const { item } = opened;
  useEffect(() => () => fitAgain(`alert/${id}`), [id]);
  if (opened.missing) return <Missing id={id} />;
  if (!item)
    return (
      <Panel title="Alert">
        <Answer asked={opened.asked} what="alert">
          {() => <p class="quiet">Loading the alert ...</p>}
        </Answer>
      </Panel>
    );
  return (
    <Panel title={<Title item={item} />}>
      <article class="record">
        <Head item={item} />
        <Actions item={item} />
        <Next alert={item.alert} />
        <Involved alert={item.alert} />
        <Reasons alert={item.alert} />
        <EvidencePart alert={item.alert} />
        <Alternatives alert={item.alert} />
        <ReportsNearAlert alert={item.alert} />
        <History item={item} />
        <Drafts alert={item.alert} />
        <Facts alert={item.alert} />
      </article>
      <ChangeNotice opened={opened} />
    </Panel>
  );
};

const Title = ({ item: { alert } }: { item: Item }) => (
  <>
    <AirText text={alert.vessel.name} none={alert.vessel.mmsi ? `MMSI ${alert.vessel.mmsi}` : "Alert"} />:{" "}
    {kindOf(alert.kind)}
  </>
);

const Missing = ({ id }: { id: string }) => (
  <Panel title="No such alert">
    <div class="record">
      <p>
        This watch has no alert <bdi class="mono">{id.slice(0, 100)}</bdi>. The link may be of another watch, or cut off
        when it was copied.
      </p>
      <p class="row">
        <a class="button" href={hrefOf("/")}>
          The open alerts
        </a>
        <a class="button" href="/?state=closed">
          Closed alerts
        </a>
        <a class="button" href={hrefOf("/search")}>
          Search
        </a>
      </p>
    </div>
  </Panel>
);
