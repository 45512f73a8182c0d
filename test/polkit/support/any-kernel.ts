import { type HostSystem, lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';

/** This machine, but that its kernel passes for one with module events. */
export function anyKernel(): HostSystem {
  const real = lookAtThisSystem();
  return {
    ...real,
    stat: (path) => (path === '/proc/modules' ? { uid: 0, mode: 0o100444 } : real.stat(path)),
    list: (path) => (path.endsWith('/tracing/events') ? undefined : real.list(path)),
    read: (path) => {
      return path === '/proc/self/mounts' ? 'none /sys/kernel/tracing tracefs rw 0 0\n' : real.read(path);
    },
  };
}
