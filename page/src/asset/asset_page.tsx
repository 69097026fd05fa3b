import { Panel } from "../parts/panel";

export const AssetPage = ({ id }: { id: string }) => <Panel title="Asset">{id}</Panel>;
