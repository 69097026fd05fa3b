import { Panel } from "../parts/panel";

export const SearchPage = () => <Panel title="Search">Search</Panel>;
