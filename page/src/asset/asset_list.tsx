import { Panel } from "../parts/panel";

export const AssetList = () => <Panel title="Assets">Assets</Panel>;
