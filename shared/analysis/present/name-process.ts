import type { ProcessFact, SystemSnapshot } from '../../snapshot/system-snapshot.ts';
import type { HolderProcess } from './present-accounting.ts';

const TICKS_PER_SECOND = 100;

/** systemd writes odd letters of unit names as `\x2d`. */
function unescapeUnit(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The path of systemd's own hierarchy: the only one of cgroup v2, a named one of v1. */
function cgroupOf(cgroups: readonly string[]): string {
  const named =
    cgroups.find((line) => /^\d+:name=systemd:/.test(line)) ?? cgroups.find((line) => line.startsWith('0::'));
  return named === undefined ? '' : named.replace(/^\d+:[^:]*:/, '');
}

const containers: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)docker[-/]([0-9a-f]{12})[0-9a-f]*(?:\.scope)?(?:\/|$)/, 'docker'],
  [/(?:^|\/)libpod-([0-9a-f]{12})[0-9a-f]*(?:\.scope)?(?:\/|$)/, 'podman'],
  [/(?:^|\/)(?:crio|cri-containerd)-([0-9a-f]{12})[0-9a-f]*(?:\.scope)?(?:\/|$)/, 'k8s'],
  [/(?:^|\/)kubepods[^/]*\/(?:.*\/)?([0-9a-f]{12})[0-9a-f]{20,}(?:\/|$)/, 'k8s'],
  [/(?:^|\/)lxc\.payload[./]([^/]+)(?:\/|$)/, 'lxc'],
  [/(?:^|\/)lxc\/([^/]+)(?:\/|$)/, 'lxc'],
  [/(?:^|\/)machine-([^/]+)\.scope(?:\/|$)/, 'machine'],
  [/(?:^|\/)systemd-nspawn@([^/]+)\.service(?:\/|$)/, 'machine'],
];

/** The container by its cgroup, as in `docker:1a2b3c4d5e6f`; undefined where the cgroup tells of none. */
export function containerOf(cgroups: readonly string[]): string | undefined {
  const path = cgroupOf(cgroups);
  for (const [pattern, engine] of containers) {
    const match = pattern.exec(path);
    if (match !== null) return `${engine}:${unescapeUnit(match[1]!)}`;
  }
  return undefined;
}

/** What systemd takes for a name, which systemctl takes for no pattern. Source: unit_name_is_valid of systemd. */
const unitName = /^[\w:.\\@-]+\.(service|scope)$/;

/** The manager of a user, in the slices of the system: what lies below is that user's. */
const userManager = /^(?:\/(?:\.\.|[^/]+\.slice))*\/user@\d+\.service(?=\/.)/;

/**
 * The systemd unit by its cgroup: the first component that is a service or a scope. What lies below one was named by
 * whoever runs in it, and may call itself like any other.
 *
 * Source: cg_path_get_unit and cg_path_get_user_unit of systemd.
 */
export function unitOf(cgroups: readonly string[]): string | undefined {
  const parts = cgroupOf(cgroups).replace(userManager, '').split('/');
  return parts.find((part) => unitName.test(part));
}

/** Whether the unit belongs to a user's own systemd, which `systemctl --user` talks to. */
export function isUserUnit(cgroups: readonly string[]): boolean {
  return userManager.test(cgroupOf(cgroups));
}

const named = new WeakMap<ProcessFact, HolderProcess>();

/** Who a process is, for a person. Found out once for each: a process may have a thousand files open. */
export function nameProcess(process: ProcessFact): HolderProcess {
  let known = named.get(process);
  if (known === undefined) {
    known = describe(process);
    named.set(process, known);
  }
  return known;
}

function describe(process: ProcessFact): HolderProcess {
  return {
    pid: process.pid,
    comm: process.comm,
    executable: process.executable,
    user: process.user,
    userName: process.userName,
    unit: unitOf(process.cgroups),
    container: containerOf(process.cgroups),
    started: process.startTicks / TICKS_PER_SECOND,
  };
}

/** The oldest of some processes: the likeliest to have been there first, whoever forked since. */
export function oldestOf(snapshot: SystemSnapshot, pids: readonly number[]): number | undefined {
  const startOf = (pid: number) => snapshot.processes.get(pid)?.startTicks ?? Number.POSITIVE_INFINITY;
  return pids.reduce<number | undefined>((oldest, pid) => {
    if (oldest === undefined) return pid;
    const sooner = startOf(pid) - startOf(oldest);
    return sooner < 0 || (!(sooner > 0) && pid < oldest) ? pid : oldest;
  }, undefined);
}

/** `systemd-logind (545)`, of a process that may be gone. */
export function wordProcess(snapshot: SystemSnapshot, pid: number): string {
  const comm = snapshot.processes.get(pid)?.comm;
  return comm === undefined ? `process ${pid}` : `${comm} (${pid})`;
}
