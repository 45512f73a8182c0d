import { CircleAlert, CircleCheck, CircleDot, CircleDotDashed, Lock, type LucideIcon } from 'lucide-react';
import { changeOf, type RefcountChanges } from '../../shared/view-model/follow-refcounts.ts';
import type { PresentStanding } from '../../shared/view-model/present-view.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeBytes, writeCount } from '../widgets/write-numbers.ts';
import type { RowPlace } from './module-grid.tsx';
import { ModuleNames } from './module-names.tsx';
import { ModuleRow } from './module-row.tsx';
import { RefcountLine } from './refcount-line.tsx';
import { type Stuckness, stucknessOf } from './sort-present.ts';
import { writeChange } from './write-change.ts';

interface PresentRowProps {
  readonly standing: PresentStanding;
  readonly changes: RefcountChanges | undefined;
  readonly place: RowPlace;
}

const STUCK: Readonly<Record<Stuckness, { readonly icon: LucideIcon; readonly text: string }>> = {
  unexplained: { icon: CircleAlert, text: 'held, some of it unexplained' },
  probable: { icon: CircleDotDashed, text: 'held, some of it explained only probably' },
  held: { icon: CircleDot, text: 'held' },
  permanent: { icon: Lock, text: 'cannot be unloaded' },
  free: { icon: CircleCheck, text: 'can be unloaded' },
};

const STATE_TAGS = { live: undefined, coming: 'loading', going: 'unloading' } as const;

/** One module as lsmod lists it, and how many of its references nothing explains. */
export function PresentRow({ standing, changes, place }: PresentRowProps) {
  const { module, refcount, unexplained, usedBy, state, permanent, taints, size, raced } = standing;
  const stuckness = stucknessOf(standing);
  const { icon: Icon, text } = STUCK[stuckness];
  const change = changeOf(changes);
  const tag = STATE_TAGS[state];
  return (
    <ModuleRow
      standing={standing}
      notes={[
        text,
        tag === undefined ? '' : `being ${tag === 'loading' ? 'loaded' : 'unloaded'}`,
        permanent ? 'permanent: it has no exit function' : '',
      ]}
      facts={[
        raced ? 'its refcount changed while it was looked at' : '',
        writeBytes(size),
        change === 0 ? '' : `${writeChange(change)} since the first look`,
      ]}
      {...place}
    >
      <span role="gridcell" className={`stuck stuck-${stuckness}`}>
        <Icon size={13} aria-hidden />
        <span className="visually-hidden">{text}</span>
      </span>
      <ModuleNames module={module} usedBy={usedBy} tag={tag}>
        {taints === '' ? null : (
          <span className="module-taints" aria-hidden>
            {visibleText(taints)}
          </span>
        )}
      </ModuleNames>
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
    </ModuleRow>
  );
}
