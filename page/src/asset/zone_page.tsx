import { Panel } from "../parts/panel";

export const ZonePage = ({ id }: { id: string }) => <Panel title="Zone">{id}</Panel>;
