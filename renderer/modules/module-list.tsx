import { type ReactNode, useMemo, useState } from 'react';
import { MomentSwitch } from '../present/moment-switch.tsx';
import { useStore } from '../state/store.ts';
import { ModuleGrid, type ModuleGridProps } from './module-grid.tsx';
import { ModuleSearch } from './module-search.tsx';
import type { SortOrder } from './sort-heads.tsx';
import type { SortModules } from './sort-modules.ts';

type FromTheGrid = 'label' | 'columns' | 'renderRow' | 'className';

interface ModuleListProps<Row extends { readonly module: string }, Key extends string>
  extends Pick<ModuleGridProps<Row, Key>, FromTheGrid> {
  /** What is listed, in no order; undefined while that is not known. */
  readonly modules: readonly Row[] | undefined;
  /** How many there are, with those that a filter keeps out. */
  readonly all: number;
  readonly sort: SortModules<Row, Key>;
  readonly firstOrder: SortOrder<Key>;
  /** What is said of a list without a row. */
  readonly none: { readonly ofAll: string; readonly ofSearch: string };
  /** In place of the list. */
  readonly instead?: ReactNode;
  /** More in the head. */
  readonly tools?: ReactNode;
  /** Below the list. */
  readonly children?: ReactNode;
}

/** The region of the modules: its head, and a list that is searched, sorted and chosen from. */
export function ModuleList<Row extends { readonly module: string }, Key extends string>({
  modules,
  all,
  sort,
  firstOrder,
  none,
  instead,
  tools,
  children,
  ...grid
}: ModuleListProps<Row, Key>) {
  const selected = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState(firstOrder);
  const shown = useMemo(() => sort(modules ?? [], search, order), [sort, modules, search, order]);
  return (
    <section className="panel panel-modules" aria-labelledby="modules-title">
      <header className="panel-head">
        <h2 id="modules-title">Modules</h2>
        <ModuleSearch count={modules?.length ?? 0} all={all} search={search} onSearch={setSearch} />
        <MomentSwitch />
        {tools}
      </header>
      {instead ?? (
        <ModuleGrid
          {...grid}
          order={order}
          onSort={setOrder}
          rows={shown}
          selected={selected}
          onSelect={selectModule}
          search={search}
          empty={modules === undefined ? null : <p className="empty">{search === '' ? none.ofAll : none.ofSearch}</p>}
        />
      )}
      {children}
    </section>
  );
}
