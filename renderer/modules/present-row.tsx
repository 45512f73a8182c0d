import { CircleAlert, CircleCheck, CircleDot, Lock, type LucideIcon } from 'lucide-react';
import { changeOf, type RefcountChanges } from '../../shared/view-model/follow-refcounts.ts';
import type { PresentStanding } from '../../shared/view-model/present-view.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeBytes, writeCount } from '../widgets/write-numbers.ts';
import type { RowPlace } from './module-grid.tsx';
import { ModuleUsers, wordUsers } from './module-users.tsx';
import { RefcountLine } from './refcount-line.tsx';
import { type Stuckness, stucknessOf } from './sort-present.ts';
import { writeChange } from './write-change.ts';

interface PresentRowProps extends RowPlace {
  readonly standing: PresentStanding;
  readonly changes: RefcountChanges | undefined;
  readonly onSelect: (module: string) => void;
}

const STUCK: Readonly<Record<Stuckness, { readonly icon: LucideIcon; readonly text: string }>> = {
  unexplained: { icon: CircleAlert, text: 'held, and not all of it is explained' },
  held: { icon: CircleDot, text: 'held' },
  permanent: { icon: Lock, text: 'cannot be unloaded' },
  free: { icon: CircleCheck, text: 'can be unloaded' },
};

/** One module as lsmod lists it, and how many of its references nothing explains. */
export function PresentRow({ standing, changes, id, index, selected, onSelect }: PresentRowProps) {
  const { module, refcount, unexplained, usedBy, state, permanent, taints, size, raced } = standing;
  const stuckness = stucknessOf(standing);
  const { icon: Icon, text } = STUCK[stuckness];
  const users = wordUsers(usedBy);
  const change = changeOf(changes);
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
        text,
        state === 'live' ? '' : state === 'coming' ? 'being loaded' : 'being unloaded',
        permanent ? 'permanent: it has no exit function' : '',
        taints === '' ? '' : `taints ${visibleText(taints)}`,
        users === '' ? '' : `used by ${users}`,
        raced ? 'its refcount changed while it was looked at' : '',
        writeBytes(size),
        change === 0 ? '' : `${writeChange(change)} since the window was opened`,
      ]
        .filter((part) => part !== '')
        .join(' · ')}
      onClick={() => onSelect(module)}
    >
      <span role="gridcell" className={`stuck stuck-${stuckness}`}>
        <Icon size={13} aria-hidden />
        <span className="visually-hidden">{text}</span>
      </span>
      <span role="gridcell" className="module-names">
        <span className="module-name ellipsis">{visibleText(module)}</span>
        {state === 'live' ? null : <em className="module-tag">{state === 'coming' ? 'loading' : 'unloading'}</em>}
        {taints === '' ? null : (
          <span className="module-taints" aria-hidden>
            {visibleText(taints)}
          </span>
        )}
        <ModuleUsers users={users} />
      </span>
      <span role="gridcell" className="number module-refs">
        {change === 0 ? null : (
          <>
            <RefcountLine changes={changes} />
            <span className="module-change">{writeChange(change)}</span>
          </>
        )}
        {refcount === undefined ? <span className="quiet">–</span> : writeCount(refcount)}
      </span>
      <span role="gridcell" className={unexplained > 0 ? 'number unexplained' : 'number quiet'}>
        {writeCount(unexplained)}
      </span>
      <span role="gridcell" data-column="size" className="number quiet">
        {writeBytes(size)}
      </span>
    </div>
  );
}
