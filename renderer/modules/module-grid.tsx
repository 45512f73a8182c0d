import { type KeyboardEvent, type ReactNode, useEffect } from 'react';
import { useRowWindow } from '../widgets/use-row-window.ts';
import { type ModuleColumn, SortHeads, type SortOrder } from './sort-heads.tsx';

const ROW = 26;
const HEAD = 28;

export interface ModuleGridProps<Row extends { readonly module: string }, Key extends string> {
  readonly label: string;
  readonly columns: readonly ModuleColumn<Key>[];
  readonly order: SortOrder<Key>;
  readonly onSort: (order: SortOrder<Key>) => void;
  /** In their order. */
  readonly rows: readonly Row[];
  readonly selected: string | undefined;
  readonly onSelect: (module: string) => void;
  /** Another search, which may move the selected row out of sight. */
  readonly search: string;
  readonly renderRow: (row: Row, place: RowPlace) => ReactNode;
  /** Instead of rows where there are none. */
  readonly empty: ReactNode;
  readonly className?: string;
}

/** What a row needs to be one. */
export interface RowPlace {
  readonly id: string;
  readonly index: number;
  readonly selected: boolean;
  readonly onSelect: (module: string) => void;
}

/** A list of modules that is sorted by its heads and walked with the arrow keys, of any length. */
export function ModuleGrid<Row extends { readonly module: string }, Key extends string>(
  props: ModuleGridProps<Row, Key>,
) {
  const { label, columns, order, onSort, rows: shown, selected, onSelect, search, renderRow, empty, className } = props;
  const rows = useRowWindow(shown.length, ROW, HEAD);
  const at = shown.findIndex(({ module }) => module === selected);

  const { reveal } = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the selection, not every change of the rows
  useEffect(() => {
    if (at >= 0) reveal(at);
  }, [selected, order, search, reveal]);

  const onKeyDown = (event: KeyboardEvent) => {
    // With Alt they move the track.
    if (event.altKey) return;
    const next = stepTo(event.key, at, shown.length, rows.rowsInView);
    if (next === undefined) return;
    event.preventDefault();
    const row = shown[next];
    if (row !== undefined) onSelect(row.module);
    reveal(next);
  };

  return (
    <div
      ref={rows.scroller}
      role="grid"
      className={className === undefined ? 'row-scroller' : `row-scroller ${className}`}
      tabIndex={0}
      aria-label={label}
      aria-rowcount={shown.length + 1}
      aria-activedescendant={at >= rows.first && at < rows.first + rows.count ? `module-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <SortHeads columns={columns} order={order} onSort={onSort} />
      <div className="row-space" style={{ height: rows.height }} role="presentation">
        <div className="row-sheet" style={{ transform: `translateY(${rows.offset}px)` }} role="presentation">
          {shown.slice(rows.first, rows.first + rows.count).map((row, i) => {
            const index = rows.first + i;
            return renderRow(row, { id: `module-${index}`, index, selected: row.module === selected, onSelect });
          })}
        </div>
      </div>
      {shown.length === 0 ? empty : null}
    </div>
  );
}

/** The row that a key leads to from the selected one; undefined for a key that means nothing here. */
function stepTo(key: string, at: number, rows: number, page: number): number | undefined {
  if (rows === 0) return undefined;
  const wanted = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows - 1 }[
    key
  ];
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, 0), rows - 1);
}
