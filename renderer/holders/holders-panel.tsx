import { useStore } from '../state/store.ts';
import { PresentHolders } from './present-holders.tsx';
import { RecordedHolders } from './recorded-holders.tsx';

/** Who holds the selected module: now, or at the cursor. */
export function HoldersPanel() {
  const moment = useStore((state) => state.moment);
  return moment === 'now' ? <PresentHolders /> : <RecordedHolders />;
}
