import { FilterX } from 'lucide-react';
import { useStore } from '../state/store.ts';

/** Stands where the filter leaves nothing to show. */
export function NothingPasses({ what }: { readonly what: string }) {
  const filterEvents = useStore((state) => state.filterEvents);
  return (
    <div className="empty nothing-passes">
      <FilterX size={26} strokeWidth={1.5} aria-hidden />
      <p>{what}</p>
      <button type="button" className="button" onClick={() => filterEvents('')}>
        Clear the filter
      </button>
    </div>
  );
}
