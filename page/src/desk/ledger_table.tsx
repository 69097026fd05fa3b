/** The table of a ledger: sorted by any column, each row opens the words that it rests on. */

import { useState } from "preact/hooks";
import { More } from "../parts/more";
import { hrefOf, pathOf } from "../state/url";
import { countOf } from "../words";
import { AssetName } from "./asset_name";
import { cellText, isNumeric, type Order, ordered, turned } from "./ledger_cells";
import type { Ledger, LedgerColumn, LedgerRow } from "./records";

interface TableWords {
  ledger: Ledger;
  order: Order;
  onOrder: (order: Order) => void;
}

export const LedgerTable = ({ ledger, order, onOrder }: TableWords) => {
  const columns = ledger.columns.filter(({ key }) => ledger.rows.some((row) => cellText(cellOf(row, key)) !== ""));
  const isDated = ledger.rows.some(({ at }) => at !== null);
  const numeric = new Set(
    columns.map(({ key }) => key).filter((key) => isNumeric(ledger.rows.map((row) => cellOf(row, key)))),
  );
  const rows = ordered(ledger.rows, order);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const turn = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section class="scrolled ledger-box" tabIndex={0} aria-label={`Table: ${ledger.title}`}>
      <More rows={rows}>
        {(shown) => (
          <table class="ledger">
            <thead>
              <tr>
                <th scope="col">Sources</th>
                {isDated && <Head title="time" own="at" order={order} onOrder={onOrder} />}
                {columns.map(({ key, title, unit }) => (
                  <Head
                    numeric={numeric.has(key)}
                    key={key}
                    title={unit ? `${title}, ${unit}` : title}
                    own={key}
                    order={order}
                    onOrder={onOrder}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  columns={columns}
                  numeric={numeric}
                  isDated={isDated}
                  isOpen={open.has(row.id)}
                  turn={turn}
                />
              ))}
            </tbody>
          </table>
        )}
      </More>
    </section>
  );
};

const cellOf = (row: LedgerRow, key: string) => (Object.hasOwn(row.cells, key) ? row.cells[key] : null);

const Head = ({
  title,
  own,
  numeric,
  order,
  onOrder,
}: { title: string; own: string; numeric?: boolean } & Omit<TableWords, "ledger">) => {
  const isBy = order.key === own;
  return (
    <th
      scope="col"
      class={numeric ? "number" : undefined}
      aria-sort={isBy ? (order.down ? "descending" : "ascending") : undefined}
    >
      <button type="button" class="sort" onClick={() => onOrder(turned(order, own))}>
        <bdi>{title}</bdi>
        <span aria-hidden="true" class="way">
          {isBy ? (order.down ? "▼" : "▲") : ""}
        </span>
      </button>
    </th>
  );
};

interface RowWords {
  row: LedgerRow;
  columns: readonly LedgerColumn[];
  numeric: ReadonlySet<string>;
  isDated: boolean;
  isOpen: boolean;
  turn: (id: string) => void;
}

const Row = ({ row, columns, numeric, isDated, isOpen, turn }: RowWords) => (
  <>
    <tr>
      <td>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`${row.sources.length} sources of this row`}
          onClick={() => turn(row.id)}
        >
          {countOf(row.sources.length)} <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        </button>
      </td>
      {isDated && <td class="when">{row.at ? cellText(row.at) : <span class="quiet">undated</span>}</td>}
      {columns.map(({ key }) => {
        const differs = row.differs.includes(key);
        return (
          <td key={key} class={numeric.has(key) ? "number" : undefined}>
            <bdi>{cellText(cellOf(row, key))}</bdi>
            {differs && <span class="differs"> ≠ they differ</span>}
          </td>
        );
      })}
    </tr>
    {isOpen && (
      <tr class="sources">
        <td colSpan={columns.length + 2}>
          <Sources row={row} />
        </td>
      </tr>
    )}
  </>
);

/** The words that a row rests on, and where they stand. */
export const Sources = ({ row }: { row: LedgerRow }) => (
  <ul class="link-rows">
    {row.sources.map((source) => (
      <li key={`${source.report} ${source.start}`}>
        <a class="name-link" href={hrefOf(pathOf("reports", source.report))}>
          “<bdi>{source.quote}</bdi>”
        </a>
      </li>
    ))}
    {row.story && (
      <li>
        <a class="name-link" href={hrefOf(pathOf("stories", row.story))}>
          The story of it
        </a>
      </li>
    )}
    {row.assets.map((id) => (
      <li key={id}>
        <a class="name-link" href={hrefOf(pathOf("assets", id))}>
          Asset <AssetName id={id} />
        </a>
      </li>
    ))}
  </ul>
);
