import { AlertPage } from "./alert/alert_page";
import { AssetList } from "./asset/asset_list";
import { AssetPage } from "./asset/asset_page";
import { ZoneList } from "./asset/zone_list";
import { ZonePage } from "./asset/zone_page";
import { BriefPage } from "./desk/brief_page";
import { IncidentMarks } from "./desk/incident_marks";
import { IncidentPage } from "./desk/incident_page";
import { IncidentsPage } from "./desk/incidents_page";
import { LedgerPage } from "./desk/ledger_page";
import { LedgersPage } from "./desk/ledgers_page";
import { ReportPage } from "./desk/report_page";
import { StoriesPage } from "./desk/stories_page";
import { StoryPage } from "./desk/story_page";
import { Stream } from "./desk/stream";
import { FeedsPage } from "./feeds/feeds_page";
import { Banners } from "./frame/banners";
import { isOpened, skipTo } from "./frame/layout";
import { Top } from "./frame/top";
import { Tour } from "./frame/tour";
import { Welcome } from "./frame/welcome";
import { SeaMap } from "./map/sea_map";
import { Queue } from "./queue/queue";
import { SearchPage } from "./search/search_page";
import { view } from "./state/url";
import { TimeBar } from "./time/time_bar";
import { VesselPage } from "./vessel/vessel_page";

/** One page: the queue, the map, the time, and beside them what was opened. */
export const App = () => (
  <>
    <button type="button" class="skip" onClick={() => skipTo(".queue")}>
      To the alerts
    </button>
    <button type="button" class="skip" onClick={() => skipTo(isOpened.value ? ".panel" : ".map")}>
      {isOpened.value ? "To what is open" : "To the map"}
    </button>
    <Top />
    <Banners />
    <Queue />
    <SeaMap />
    <IncidentMarks />
    <Opened />
    <TimeBar />
    <Welcome />
    <Tour />
  </>
);

const Opened = () => {
  const { name, id } = view.value;
  if (name === "alerts" && id) return <AlertPage key={id} id={id} />;
  if (name === "vessels" && id) return <VesselPage key={id} id={id} />;
  if (name === "assets") return id ? <AssetPage key={id} id={id} /> : <AssetList />;
  if (name === "zones") return id ? <ZonePage key={id} id={id} /> : <ZoneList />;
  if (name === "feeds") return <FeedsPage name={id} />;
  if (name === "search") return <SearchPage />;
  if (name === "reports") return id ? <ReportPage key={id} id={id} /> : <Stream />;
  if (name === "stories") return id ? <StoryPage key={id} id={id} /> : <StoriesPage />;
  if (name === "ledgers") return id ? <LedgerPage key={id} name={id} /> : <LedgersPage />;
  if (name === "incidents") return id ? <IncidentPage key={id} id={id} /> : <IncidentsPage />;
  if (name === "brief") return <BriefPage />;
  return null;
};
