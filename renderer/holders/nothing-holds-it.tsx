import { CircleCheck, CircleDashed, CircleHelp } from 'lucide-react';
import type { Accounting } from '../../shared/analysis/accounting.ts';
import { visibleText } from '../widgets/visible-text.ts';

/** What is said where there is no holder to show, and why; undefined where there are some. */
export function NothingHoldsIt({ accounting }: { readonly accounting: Accounting }) {
  const { state, module, lsmod } = accounting;
  const name = visibleText(module);
  if (state === 'absent')
    return (
      <div className="nothing">
        <CircleDashed size={28} aria-hidden />
        <h3>Not loaded at this time</h3>
        <p>{name} is not in the kernel at the cursor. Move the cursor, or press n to go to its next event.</p>
      </div>
    );
  if (state === 'unknown')
    return (
      <div className="nothing">
        <CircleHelp size={28} aria-hidden />
        <h3>Unknown before its first event</h3>
        <p>
          The recording says nothing of {name} up to the cursor. It was loaded already, and what held it was taken
          before the recording began. Press n to go to its first event.
        </p>
      </div>
    );
  if (lsmod !== 0) return null;
  return (
    <div className="nothing nothing-good">
      <CircleCheck size={28} aria-hidden />
      <h3>Nothing holds it</h3>
      <p>{name} can be unloaded here: lsmod would show 0.</p>
    </div>
  );
}
