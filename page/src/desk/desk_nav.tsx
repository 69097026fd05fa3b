/** The parts of the report desk, above each of them. */

import { hrefOf, view } from "../state/url";
import "../parts/page.css";
import "./desk.css";
import "./ledger.css";

const PARTS: readonly [path: string, words: string][] = [
  ["/reports", "Reports"],
  ["/stories", "Stories"],
  ["/ledgers", "Ledgers"],
  ["/ledgers/calendar", "Calendar"],
  ["/incidents", "Incidents"],
  ["/brief", "Brief"],
];

export const DeskNav = () => {
  const { name, id } = view.value;
  const here = name === "ledgers" && id === "calendar" ? "/ledgers/calendar" : `/${name}`;
  return (
    <nav class="desk-nav" aria-label="Report desk">
      {PARTS.map(([path, words]) => (
        <a key={path} href={hrefOf(path)} aria-current={path === here ? "page" : undefined}>
          {words}
        </a>
      ))}
    </nav>
  );
};
