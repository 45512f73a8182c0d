import type { HostClient } from '../../shared/ipc/client.ts';
import { beginWork } from './activity.ts';
import { reportFault } from './report-fault.ts';
import { useStore } from './store.ts';

/** A splitter being dragged changes the settings with every move of the mouse; only where it ends is of interest. */
const QUIET_MS = 200;

/** Has the host remember the settings whenever they change. */
export function keepSettings(host: HostClient): void {
  let ended: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  useStore.subscribe(({ settings }, before) => {
    if (settings === before.settings) return;
    ended ??= beginWork();
    clearTimeout(timer);
    timer = setTimeout(() => {
      const done = ended;
      ended = undefined;
      host.request('settings.write', settings).catch(reportFault).finally(done);
    }, QUIET_MS);
  });
}
