import { CircleCheck, CircleDashed, CircleHelp, Hourglass } from 'lucide-react';
import type { Accounting } from '../../shared/analysis/accounting.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { Nothing } from './nothing.tsx';

interface NothingHoldsItProps {
  readonly accounting: Accounting;
  /** Events up to the cursor are not accounted for yet. */
  readonly isAhead: boolean;
}

/** What is said where there is no holder to show, and why; undefined where there are some. */
export function NothingHoldsIt({ accounting, isAhead }: NothingHoldsItProps) {
  const { state, module, lsmod } = accounting;
  const name = visibleText(module);
  if (isAhead && (state === 'absent' || state === 'unknown' || lsmod === 0))
    return (
      <Nothing icon={Hourglass} title="Not accounted for yet">
        {state === 'unknown'
          ? `The events of ${name} are shown. Who holds it is being worked out.`
          : `Nothing held ${name} at the time above. Who has taken it since is being worked out.`}
      </Nothing>
    );
  if (state === 'absent')
    return (
      <Nothing icon={CircleDashed} title="Not loaded at this time">
        {name} is not in the kernel at the cursor. Move the cursor, or press n to go to its next event.
      </Nothing>
    );
  if (state === 'unknown')
    return (
      <Nothing icon={CircleHelp} title="Unknown before its first event">
        The recording says nothing of {name} up to the cursor. It was loaded already, and what held it was taken before
        the recording began. Press n to go to its first event.
      </Nothing>
    );
  if (lsmod !== 0) return null;
  return (
    <Nothing icon={CircleCheck} title="Nothing holds it" good>
      {name} can be unloaded here: lsmod would show 0.
    </Nothing>
  );
}
