import { useStore } from '../state/store.ts';
import { PresentModules } from './present-modules.tsx';
import { RecordedModules } from './recorded-modules.tsx';

/** The modules: of the system now, or of the recording at the cursor. */
export function ModulesPanel() {
  const moment = useStore((state) => state.moment);
  return moment === 'now' ? <PresentModules /> : <RecordedModules />;
}
