import type { HostSystem } from './host-system.ts';
import { bad, good, type PreflightCheck } from './preflight-check.ts';

/** Whether the kernel can record module events. Much of it only root can see; the helper looks again. */
export function checkTracing(system: HostSystem): PreflightCheck[] {
  return [checkMounted(system), checkEvents(system), checkLockdown(system)];
}

const places = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/** Source: proc_pid_mounts(5); debugfs mounts tracefs below itself when somebody looks (tracing_init_dentry). */
function checkMounted(system: HostSystem): PreflightCheck {
  const name = 'tracefs';
  const mounts = (system.read('/proc/self/mounts') ?? '').split('\n').map((line) => line.split(' '));
  const mounted = mounts.find(([, place, kind]) => kind === 'tracefs' && places.includes(place ?? ''));
  if (mounted !== undefined) return good(name, `mounted at ${mounted[1]}`);
  const debug = mounts.find(([, place, kind]) => kind === 'debugfs' && place === '/sys/kernel/debug');
  if (debug !== undefined) return good(name, 'below debugfs, at /sys/kernel/debug/tracing');
  return bad(name, 'It is not mounted.', 'Mount it: sudo mount -t tracefs nodev /sys/kernel/tracing');
}

function checkEvents(system: HostSystem): PreflightCheck {
  const name = 'module events';
  const remedy = 'Use a kernel with loadable modules and event tracing (CONFIG_MODULES, CONFIG_EVENT_TRACING).';
  if (system.stat('/proc/modules') === undefined) return bad(name, 'This kernel has no loadable modules.', remedy);
  const readable = places.filter((place) => system.list(`${place}/events`) !== undefined);
  if (readable.length === 0) return good(name, 'This kernel has modules; only root can see its events.');
  const events = readable.map((place) => system.list(`${place}/events/module`)).find((found) => found !== undefined);
  const named = (events ?? []).filter((event) => event.startsWith('module_'));
  if (named.length === 0) return bad(name, 'This kernel traces no module events.', remedy);
  return good(name, named.map((event) => event.slice('module_'.length)).join(', '));
}

/** Source: security/lockdown/lockdown.c; LOCKDOWN_TRACEFS is one of confidentiality's. */
function checkLockdown(system: HostSystem): PreflightCheck {
  const name = 'kernel lockdown';
  const level = /\[(\w+)\]/.exec(system.read('/sys/kernel/security/lockdown') ?? '')?.[1] ?? 'none';
  if (level !== 'confidentiality') return good(name, level);
  const remedy = 'It is set at boot (lockdown=confidentiality) or for Secure Boot: record on a machine without it.';
  return bad(name, 'confidentiality: even root may not look into tracefs.', remedy);
}
