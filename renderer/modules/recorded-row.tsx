import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { writeCount, writeCounted, writeShortCount } from '../widgets/write-numbers.ts';
import type { RowPlace } from './module-grid.tsx';
import { ModuleNames } from './module-names.tsx';
import { ModuleRow } from './module-row.tsx';

interface RecordedRowProps {
  readonly standing: ModuleStanding;
  readonly place: RowPlace;
}

const STATE_NOTES: Readonly<Record<ModuleStanding['state'], string>> = {
  unknown: 'not known before its first event',
  absent: 'not loaded at the cursor',
  loading: 'being loaded at the cursor',
  live: '',
  unloading: 'being unloaded at the cursor',
};

/** One module as lsmod would list it at the cursor, and how many of its references nothing explains. */
export function RecordedRow({ standing, place }: RecordedRowProps) {
  const { module, state, lsmod, unexplained, usedBy, events } = standing;
  const tag = state === 'loading' || state === 'unloading' ? state : undefined;
  return (
    <ModuleRow standing={standing} notes={[STATE_NOTES[state]]} facts={[writeCounted(events, 'event')]} {...place}>
      <ModuleNames module={module} usedBy={usedBy} tag={tag} />
      <span role="gridcell" className="number">
        {lsmod === undefined ? <Unknown state={state} /> : writeCount(lsmod)}
      </span>
      <span role="gridcell" className={(unexplained ?? 0) > 0 ? 'number unexplained' : 'number quiet'}>
        {unexplained === undefined ? '' : writeCount(unexplained)}
      </span>
      <span role="gridcell" className="number quiet">
        {writeShortCount(events)}
      </span>
    </ModuleRow>
  );
}

function Unknown({ state }: { readonly state: ModuleStanding['state'] }) {
  return (
    <span className="quiet" title={STATE_NOTES[state]}>
      {state === 'absent' ? '–' : '?'}
    </span>
  );
}
