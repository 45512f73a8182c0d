import { RotateCw, ShieldAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { lookAround } from '../present/look-around.ts';
import { LookFacts } from '../present/look-facts.tsx';
import { MomentSwitch } from '../present/moment-switch.tsx';
import { NothingSeen } from '../present/nothing-seen.tsx';
import { useStore } from '../state/store.ts';
import { ModuleGrid } from './module-grid.tsx';
import { ModuleSearch } from './module-search.tsx';
import { PresentRow } from './present-row.tsx';
import { type ModuleColumn, nameColumn, type SortOrder } from './sort-heads.tsx';
import { type PresentKey, sortPresent } from './sort-present.ts';

const COLUMNS: readonly ModuleColumn<PresentKey>[] = [
  {
    key: 'stuck',
    text: 'Stuck',
    icon: ShieldAlert,
    note: 'Stuck: references that nothing explains come first, then modules that are held, then those that can be unloaded',
  },
  nameColumn,
  {
    key: 'references',
    text: 'Refs',
    note: 'References, as lsmod prints them, and by how many they changed since the window was opened',
    isNumber: true,
  },
  { key: 'unexplained', text: 'Unexpl.', note: 'References that nothing that was seen explains', isNumber: true },
  { key: 'size', text: 'Size', note: 'Memory that the module takes', isNumber: true },
];

/** Every module that is loaded now, what is stuck the most first. */
export function PresentModules() {
  const present = useStore((state) => state.present);
  const looking = useStore((state) => state.looking);
  const selected = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<SortOrder<PresentKey>>({ key: 'stuck', descending: true });
  const modules = present?.overview.modules;
  const shown = useMemo(() => sortPresent(modules ?? [], search, order), [modules, search, order]);
  return (
    <section className="panel panel-modules" aria-labelledby="modules-title">
      <header className="panel-head">
        <h2 id="modules-title">Modules</h2>
        <ModuleSearch count={modules?.length ?? 0} all={modules?.length ?? 0} search={search} onSearch={setSearch} />
        <MomentSwitch />
        <button
          type="button"
          className={looking === undefined ? 'icon-button' : 'icon-button looking'}
          title="Look again (u)"
          aria-label="Look again"
          onClick={() => void lookAround()}
        >
          <RotateCw size={14} aria-hidden />
        </button>
      </header>
      {present === undefined ? (
        <NothingSeen />
      ) : (
        <ModuleGrid
          className="present-grid"
          label="Modules that are loaded now"
          columns={COLUMNS}
          order={order}
          onSort={setOrder}
          rows={shown}
          selected={selected}
          onSelect={selectModule}
          search={search}
          renderRow={(standing, place) => (
            <PresentRow
              key={standing.module}
              standing={standing}
              changes={present.changes.get(standing.module)}
              {...place}
              onSelect={selectModule}
            />
          )}
          empty={
            <p className="empty">
              {search === '' ? 'This kernel has no module loaded.' : 'No module that is loaded has that name.'}
            </p>
          }
        />
      )}
      <LookFacts />
    </section>
  );
}
