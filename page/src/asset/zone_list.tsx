import { Panel } from "../parts/panel";

export const ZoneList = () => <Panel title="Zones">Zones</Panel>;
