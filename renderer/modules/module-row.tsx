import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted, writeShortCount } from '../widgets/write-numbers.ts';
import { ModuleUsers, wordUsers } from './module-users.tsx';

interface ModuleRowProps {
  readonly id: string;
  readonly standing: ModuleStanding;
  readonly index: number;
  readonly selected: boolean;
  readonly onSelect: (module: string) => void;
}

const STATE_NOTES: Readonly<Record<ModuleStanding['state'], string>> = {
  unknown: 'not known before its first event',
  absent: 'not loaded at the cursor',
  loading: 'being loaded at the cursor',
  live: '',
  unloading: 'being unloaded at the cursor',
};

/** One module as lsmod would list it at the cursor, and how many of its references nothing explains. */
export function ModuleRow({ id, standing, index, selected, onSelect }: ModuleRowProps) {
  const { module, state, lsmod, unexplained, usedBy, events, taints } = standing;
  const users = wordUsers(usedBy);
  const note = STATE_NOTES[state];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys
    <div
      id={id}
      role="row"
      className="module-row"
      data-state={state}
      aria-rowindex={index + 2}
      aria-selected={selected}
      title={[
        visibleText(module),
        note,
        taints === '' ? '' : `taints ${taints}`,
        users === '' ? '' : `used by ${users}`,
        writeCounted(events, 'event'),
      ]
        .filter((part) => part !== '')
        .join(' · ')}
      onClick={() => onSelect(module)}
    >
      <span role="gridcell" className="module-names">
        <span className="module-name ellipsis">{visibleText(module)}</span>
        {state === 'loading' || state === 'unloading' ? <em className="module-tag">{state}</em> : null}
        <ModuleUsers users={users} />
      </span>
      <span role="gridcell" className="number">
        {lsmod === undefined ? <Unknown state={state} /> : writeCount(lsmod)}
      </span>
      <span role="gridcell" className={(unexplained ?? 0) > 0 ? 'number unexplained' : 'number quiet'}>
        {unexplained === undefined ? '' : writeCount(unexplained)}
      </span>
      <span role="gridcell" className="number quiet">
        {writeShortCount(events)}
      </span>
    </div>
  );
}

function Unknown({ state }: { readonly state: ModuleStanding['state'] }) {
  return (
    <span className="quiet" title={STATE_NOTES[state]}>
      {state === 'absent' ? '–' : '?'}
    </span>
  );
}
