import { Panel } from "../parts/panel";

export const VesselPage = ({ id }: { id: string }) => <Panel title="Vessel">{id}</Panel>;
