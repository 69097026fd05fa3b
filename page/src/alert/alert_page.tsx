import { Panel } from "../parts/panel";

export const AlertPage = ({ id }: { id: string }) => <Panel title="Alert">{id}</Panel>;
