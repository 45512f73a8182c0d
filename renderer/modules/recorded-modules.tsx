import { useMemo, useState } from 'react';
import { NothingPasses } from '../filter/nothing-passes.tsx';
import { usePassingModules } from '../filter/use-passing-modules.ts';
import { MomentSwitch } from '../present/moment-switch.tsx';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { ModuleGrid } from './module-grid.tsx';
import { ModuleRow } from './module-row.tsx';
import { ModuleSearch } from './module-search.tsx';
import { type ModuleColumn, nameColumn, type SortOrder } from './sort-heads.tsx';
import { type SortKey, sortStandings } from './sort-standings.ts';

const COLUMNS: readonly ModuleColumn<SortKey>[] = [
  nameColumn,
  {
    key: 'references',
    text: 'Refs',
    note: 'References, as lsmod would have printed them at the cursor',
    isNumber: true,
  },
  { key: 'unexplained', text: 'Unexpl.', note: 'References that nothing in the recording explains', isNumber: true },
  { key: 'events', text: 'Events', note: 'Events in the whole recording', isNumber: true },
];

/** Every module of the recording as lsmod would list it at the cursor. */
export function RecordedModules() {
  const { id, engine } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const selected = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<SortOrder<SortKey>>({ key: 'references', descending: true });
  const standings = useLatestAnswer(`${id} ${cursor}`, () => engine.modulesAt(cursor));
  const passing = usePassingModules();
  const listed = useMemo(
    () => standings?.filter(({ module }) => passing?.has(module) ?? true) ?? [],
    [standings, passing],
  );
  const shown = useMemo(() => sortStandings(listed, search, order), [listed, search, order]);
  return (
    <section className="panel panel-modules" aria-labelledby="modules-title">
      <header className="panel-head">
        <h2 id="modules-title">Modules</h2>
        <ModuleSearch count={listed.length} all={standings?.length ?? 0} search={search} onSearch={setSearch} />
        <MomentSwitch />
      </header>
      {passing?.size === 0 ? (
        <NothingPasses what="No module has an event that passes this filter." />
      ) : (
        <ModuleGrid
          label="Modules at the cursor"
          columns={COLUMNS}
          order={order}
          onSort={setOrder}
          rows={shown}
          selected={selected}
          onSelect={selectModule}
          search={search}
          renderRow={(standing, place) => (
            <ModuleRow key={standing.module} standing={standing} {...place} onSelect={selectModule} />
          )}
          empty={
            standings === undefined ? null : (
              <p className="empty">{search === '' ? 'No module has an event.' : 'No module has that name.'}</p>
            )
          }
        />
      )}
    </section>
  );
}
