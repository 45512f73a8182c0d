import { TriangleAlert } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { SeenAgo } from './seen-ago.tsx';

/** The time that an answer about this system is of: now, unless looking has failed since. */
export function LookTime() {
  const isOld = useStore((state) => state.lookProblem !== undefined);
  const seen = useStore((state) => state.present?.seen);
  if (!isOld || seen === undefined) return <span className="quiet holders-time">now</span>;
  return (
    <span className="holders-time look-old" title="Looking again has failed; the modules’ list says why.">
      <TriangleAlert size={13} aria-hidden />
      seen <SeenAgo seen={seen} />
    </span>
  );
}
