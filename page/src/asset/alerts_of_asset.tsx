import { useMemo, useState } from "preact/hooks";
import { api, type Item, told, wordsOf } from "../api/client";
import { items } from "../state/alerts";
import { countOf } from "../words";
import { AlertRow } from "./alert_row";
import { openOf } from "./asset_alerts";

const FIRST = 10; // shown at once; an asset may have thousands
const PAGE = 50;

/** Open alerts of an asset as the page knows them, and closed ones a page at a time. */
export const AlertsOfAsset = ({ id }: { id: string }) => {
  const [most, setMost] = useState(FIRST);
  const known = items.value;
  const open = useMemo(() => openOf(known.values(), id), [known, id]);
  return (
    <section aria-labelledby="asset-alerts">
      <h3 id="asset-alerts">Open alerts ({countOf(open.length)})</h3>
      <ul class="link-rows">
        {open.slice(0, most).map((item) => (
          <li key={item.alert.id}>
            <AlertRow item={item} />
          </li>
        ))}
      </ul>
      {open.length > most && (
        <button type="button" onClick={() => setMost(most + PAGE)}>
          Show {countOf(Math.min(PAGE, open.length - most))} more of {countOf(open.length)}
        </button>
      )}
      <Closed id={id} />
    </section>
  );
};

interface Pages {
  found: Item[];
  /** null = that was all; "" = not asked yet. */
  next: string | null;
  trouble: string;
  busy: boolean;
}

const Closed = ({ id }: { id: string }) => {
  const [pages, setPages] = useState<Pages>({ found: [], next: "", trouble: "", busy: false });
  const more = async (): Promise<void> => {
    setPages({ ...pages, busy: true });
    setPages(await nextOf(id, pages));
  };
  return (
    <>
      {pages.found.length > 0 && (
        <>
          <h4>Closed</h4>
          <ul class="link-rows">
            {pages.found.map((item) => (
              <li key={item.alert.id}>
                <AlertRow item={item} />
              </li>
            ))}
          </ul>
        </>
      )}
      {pages.trouble && <p role="status">Closed alerts were not told: {pages.trouble}</p>}
      {pages.next === null && pages.found.length === 0 && <p role="status">No closed alert names it.</p>}
      {pages.next !== null && (
        <button type="button" disabled={pages.busy} onClick={() => void more()}>
          {pages.found.length ? `Show ${PAGE} more closed alerts` : "Show closed alerts"}
        </button>
      )}
    </>
  );
};

async function nextOf(id: string, { found, next }: Pages): Promise<Pages> {
  const query = { asset: id, state: ["closed" as const], limit: PAGE, ...(next ? { after: next } : {}) };
  try {
    const page = await told(api.GET("/api/v1/alerts", { params: { query } }));
    return { found: [...found, ...page.alerts], next: page.next, trouble: "", busy: false };
  } catch (error) {
    return { found, next, trouble: wordsOf(error), busy: false };
  }
}
