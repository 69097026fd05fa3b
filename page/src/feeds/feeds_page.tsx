import { Panel } from "../parts/panel";

export const FeedsPage = ({ name }: { name: string }) => <Panel title="Feeds">{name}</Panel>;
