import { RotateCw, ShieldAlert } from 'lucide-react';
import { lookAround } from '../present/look-around.ts';
import { LookFacts } from '../present/look-facts.tsx';
import { NothingSeen } from '../present/nothing-seen.tsx';
import { useStore } from '../state/store.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { ModuleList } from './module-list.tsx';
import { PresentRow } from './present-row.tsx';
import { type ModuleColumn, nameColumn } from './sort-heads.tsx';
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
    note: 'References, as lsmod prints them, and by how many they changed since the first look',
    isNumber: true,
  },
  { key: 'unexplained', text: 'Unexpl.', note: 'References that nothing that was seen explains', isNumber: true },
  { key: 'size', text: 'Size', note: 'Memory that the module takes', isNumber: true },
];

/** Every module that is loaded now, what is stuck the most first. */
export function PresentModules() {
  const present = useStore((state) => state.present);
  const modules = present?.overview.modules;
  return (
    <ModuleList
      className="present-grid"
      label="Modules that are loaded now"
      columns={COLUMNS}
      modules={modules}
      all={modules?.length ?? 0}
      sort={sortPresent}
      firstOrder={{ key: 'stuck', descending: true }}
      none={{ ofAll: 'This kernel has no module loaded.', ofSearch: 'No module that is loaded has that name.' }}
      instead={present === undefined ? <NothingSeen /> : undefined}
      tools={<LookAgain />}
      renderRow={(standing, place) => (
        <PresentRow
          key={standing.module}
          standing={standing}
          changes={present?.changes.get(standing.module)}
          place={place}
        />
      )}
    >
      <LookFacts />
    </ModuleList>
  );
}

function LookAgain() {
  const looking = useStore((state) => state.looking);
  return (
    <IconButton name="Look again" keys="u" busy={looking !== undefined} onClick={() => void lookAround()}>
      <RotateCw size={14} aria-hidden />
    </IconButton>
  );
}
