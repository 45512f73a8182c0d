import { runRecord } from '../../../electron/cli/record.ts';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { findUserFolders } from '../../../electron/host/find-user-folders.ts';

/**
 * `modshark record` as it is, but that it takes this kernel for one with module events: what it starts records in a tree of
 * files.
 */
const real = lookAtThisSystem();
process.exitCode = await runRecord(process.argv.slice(3), process, {
  root: '/nowhere',
  state: findUserFolders(process.env).state,
  called: 'modshark',
  system: {
    ...real,
    stat: (path) => (path === '/proc/modules' ? { uid: 0, mode: 0o100444 } : real.stat(path)),
    list: (path) => (path.endsWith('/tracing/events') ? undefined : real.list(path)),
    read: (path) => {
      return path === '/proc/self/mounts' ? 'none /sys/kernel/tracing tracefs rw 0 0\n' : real.read(path);
    },
  },
});
