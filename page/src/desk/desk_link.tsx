import { useEffect } from "preact/hooks";
import { addKeys } from "../frame/keys";
import { Sign } from "../parts/sign";
import { hrefOf, view } from "../state/url";
import { DESK_KEYS } from "./desk_keys";

const PARTS = ["reports", "stories", "ledgers", "incidents", "brief"];

/** The way to the report desk, in the top bar; with its keys. */
export const DeskLink = () => {
  useEffect(() => addKeys(DESK_KEYS), []);
  return (
    <a
      class="button desk-link"
      href={hrefOf("/reports")}
      aria-current={PARTS.includes(view.value.name) ? "true" : undefined}
      aria-label="Reports"
      title="Reports: what was said (d)"
    >
      <Sign name="reports" />
      <span class="desk-word">Reports</span>
    </a>
  );
};
