import { useMemo } from 'react';
import { NothingPasses } from '../filter/nothing-passes.tsx';
import { usePassingModules } from '../filter/use-passing-modules.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { ModuleList } from './module-list.tsx';
import { RecordedRow } from './recorded-row.tsx';
import { type ModuleColumn, nameColumn } from './sort-heads.tsx';
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
  const grows = useStore((state) => state.growth !== undefined);
  const standings = useLatestAnswer(`${id} ${cursor}`, () => engine.modulesAt(cursor));
  const passing = usePassingModules();
  const modules = useMemo(() => standings?.filter(({ module }) => passing?.has(module) ?? true), [standings, passing]);
  return (
    <ModuleList
      label="Modules at the cursor"
      columns={COLUMNS}
      modules={modules}
      all={standings?.length ?? 0}
      sort={sortStandings}
      firstOrder={{ key: 'references', descending: true }}
      none={{
        ofAll: grows ? 'Modules are listed here with their first event.' : 'No module has an event.',
        ofSearch: 'No module has that name.',
      }}
      instead={
        passing?.size === 0 ? <NothingPasses what="No module has an event that passes this filter." /> : undefined
      }
      renderRow={(standing, place) => <RecordedRow key={standing.module} standing={standing} place={place} />}
    />
  );
}
