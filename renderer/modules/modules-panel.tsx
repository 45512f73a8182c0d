import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useRowWindow } from '../widgets/use-row-window.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { ModuleRow } from './module-row.tsx';
import { SortHeads } from './sort-heads.tsx';
import { type SortOrder, sortStandings } from './sort-standings.ts';

const ROW = 26;
const HEAD = 28;

/** Every module of the recording as lsmod would list it at the cursor. */
export function ModulesPanel() {
  const { id, engine } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const selected = useStore((state) => state.module);
  const selectModule = useStore((state) => state.selectModule);
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<SortOrder>({ key: 'references', descending: true });
  const standings = useLatestAnswer(`${id} ${cursor}`, () => engine.modulesAt(cursor));
  const shown = useMemo(() => sortStandings(standings ?? [], search, order), [standings, search, order]);
  const rows = useRowWindow(shown.length, ROW, HEAD);
  const at = shown.findIndex(({ module }) => module === selected);

  const { reveal } = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the selection, not every move of the cursor
  useEffect(() => {
    if (at >= 0) reveal(at);
  }, [selected, order, search, reveal]);

  const onKeyDown = (event: KeyboardEvent) => {
    // With Alt they move the track.
    if (event.altKey) return;
    const next = stepTo(event.key, at, shown.length, rows.rowsInView);
    if (next === undefined) return;
    event.preventDefault();
    const standing = shown[next];
    if (standing !== undefined) selectModule(standing.module);
    reveal(next);
  };

  return (
    <section className="panel panel-modules" aria-labelledby="modules-title">
      <header className="panel-head">
        <h2 id="modules-title">Modules</h2>
        <label className="field modules-search">
          <Search size={13} aria-hidden />
          <span className="visually-hidden">Search modules</span>
          <input
            type="search"
            placeholder={writeCounted(standings?.length ?? 0, 'module')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
      </header>
      <div
        ref={rows.scroller}
        role="grid"
        className="row-scroller"
        tabIndex={0}
        aria-label="Modules at the cursor"
        aria-rowcount={shown.length + 1}
        aria-activedescendant={at >= rows.first && at < rows.first + rows.count ? `module-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        <SortHeads order={order} onSort={setOrder} />
        <div className="row-space" style={{ height: rows.height }} role="presentation">
          <div className="row-sheet" style={{ transform: `translateY(${rows.offset}px)` }} role="presentation">
            {shown.slice(rows.first, rows.first + rows.count).map((standing, i) => (
              <ModuleRow
                key={standing.module}
                id={`module-${rows.first + i}`}
                standing={standing}
                index={rows.first + i}
                selected={standing.module === selected}
                onSelect={selectModule}
              />
            ))}
          </div>
        </div>
        {shown.length === 0 && standings !== undefined ? (
          <p className="empty">{search === '' ? 'No module has an event.' : 'No module has that name.'}</p>
        ) : null}
      </div>
    </section>
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
