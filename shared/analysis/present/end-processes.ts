import type { ProcessFact } from '../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { containerOf, isUserUnit, unitOf } from './name-process.ts';
import type { ReleaseWay } from './present-accounting.ts';
import { quoteOperand, quoteShell } from './quote-shell.ts';

/** Programs that draw the graphical session, or hold its devices for those that do. */
const graphical =
  /^(systemd-logind|elogind|seatd|Xorg|X|Xwayland|gdm.*|sddm.*|lightdm|lxdm|xdm|gnome-shell|mutter.*|kwin_(wayland|x11)|plasmashell|sway|weston|Hyprland|cosmic-comp|labwc|wayfire|niri|river|cage|greetd|plymouthd)$/;

const displayManager = /^(gdm3?|sddm|lightdm|lxdm|xdm|greetd|display-manager)\.service$/;

const GRAPHICAL_END = 'ends the graphical session and every program in it';

/** Processes that one command names; a forked server of thousands is stopped otherwise. */
const MOST_PIDS = 32;

/** Programs that one title names. */
const MOST_NAMES = 8;

/** What stops a container, by its engine. */
const stopContainer: Readonly<Record<string, (name: string) => string>> = {
  docker: (name) => `docker stop ${name}`,
  podman: (name) => `podman stop ${name}`,
  k8s: (name) => `crictl stop ${name}`,
  lxc: (name) => `lxc-stop -n ${name}`,
  machine: (name) => `machinectl poweroff ${name}`,
};

function stopUnit(unit: string, ofUser: number | undefined): ReleaseWay | undefined {
  const session = /^session-([\w-]+)\.scope$/.exec(unit);
  if (session !== null)
    return {
      title: `Log session ${session[1]} out`,
      command: `loginctl terminate-session ${quoteShell(session[1]!)}`,
      consequence: 'ends every program of that login',
    };
  // Of these everything else hangs.
  if (/^(init\.scope|user@\d+\.service|systemd-(logind|udevd|journald)\.service|dbus(-broker)?\.service)$/.test(unit))
    return undefined;
  return {
    title: `Stop ${unit}`,
    command: `systemctl ${ofUser === undefined ? '' : '--user '}stop ${quoteOperand(unit)}`,
    consequence: displayManager.test(unit) ? GRAPHICAL_END : ofUser === undefined ? '' : `for user ${ofUser} to run`,
  };
}

function nameSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} other programs` : names.join(', ');
}

/** Ways to make processes let go of what they have open: close, stop the unit or the container, end them. */
export function endProcesses(index: SnapshotIndex, pids: readonly number[], graphics = false): ReleaseWay[] {
  const facts = pids.map((pid) => index.process(pid)).filter((fact) => fact !== undefined);
  if (facts.length === 0) return [];
  const ways: ReleaseWay[] = [];
  const names = nameSome([...new Set(facts.map(({ comm }) => comm))]);
  if (facts.some(({ kernelThread }) => kernelThread))
    return [{ title: `Stop what makes the kernel thread ${names} work`, command: undefined, consequence: '' }];
  const bySystemd = index.process(1)?.comm === 'systemd';
  const drawing = facts.some(({ comm }) => graphical.test(comm));
  if (graphics && drawing && bySystemd)
    ways.push({
      title: 'Leave the graphical session',
      command: 'systemctl isolate multi-user.target',
      consequence: GRAPHICAL_END,
    });
  const units = new Map<string, ReleaseWay>();
  let covered = 0;
  for (const { cgroups, user } of facts) {
    const container = containerOf(cgroups)?.split(':', 2);
    const unit = unitOf(cgroups);
    if (container !== undefined) {
      const [engine, name] = container as [string, string];
      const command = stopContainer[engine]?.(quoteShell(name));
      covered++;
      units.set(name, { title: `Stop the container ${name}`, command, consequence: 'ends everything in it' });
    } else if (unit !== undefined && bySystemd) {
      const way = stopUnit(unit, isUserUnit(cgroups) ? user : undefined);
      if (way === undefined) continue;
      covered++;
      units.set(unit, way);
    }
  }
  // A unit frees nothing as long as a process of none has it open too.
  if (covered < facts.length) units.clear();
  const ofService = facts.every(({ cgroups }) => /\.service$/.test(unitOf(cgroups) ?? '') && !isUserUnit(cgroups));
  const mortal = facts.map(({ pid }) => pid).filter((pid) => pid > 1);
  if (!ofService && !drawing && mortal.length === facts.length)
    ways.push({ title: `Close ${names}`, command: undefined, consequence: '' });
  // Only one unit frees it alone; of several, all must be stopped.
  if (units.size === 1) ways.push(...units.values());
  else if (units.size > 1) {
    const all = [...units.values()];
    ways.push({
      title: all.map(({ title }) => title).join('; '),
      command: all.every(({ command }) => command !== undefined)
        ? all.map(({ command }) => command).join(' && ')
        : undefined,
      consequence: [...new Set(all.map(({ consequence }) => consequence).filter((text) => text !== ''))].join('; '),
    });
  }
  if (mortal.length < facts.length)
    ways.push({ title: 'Reboot: process 1 itself has it open', command: undefined, consequence: 'ends everything' });
  else if (mortal.length <= MOST_PIDS)
    ways.push({
      title: `End ${names}`,
      ...killing(index, mortal),
      ...(drawing ? { consequence: GRAPHICAL_END } : {}),
    });
  return ways;
}

/** The first process of a container takes no signal that it does not expect, but one; and everything in there ends with it. */
function killing(index: SnapshotIndex, pids: readonly number[]): Pick<ReleaseWay, 'command' | 'consequence'> {
  const inits = pids.filter((pid) => isFirstOfSpace(index, pid));
  const others = pids.filter((pid) => !inits.includes(pid));
  const commands = [
    ...(others.length === 0 ? [] : [`kill ${others.join(' ')}`]),
    ...(inits.length === 0 ? [] : [`kill -9 ${inits.join(' ')}`]),
  ];
  const consequence = inits.length === 0 ? 'what it has not saved is lost' : 'ends everything in its container';
  return { command: commands.join(' && '), consequence };
}

/** Number 1 of each pid namespace: the oldest in there. */
const firsts = new WeakMap<SnapshotIndex, ReadonlyMap<number, ProcessFact>>();

function firstsOf(index: SnapshotIndex): ReadonlyMap<number, ProcessFact> {
  const known = firsts.get(index);
  if (known !== undefined) return known;
  const found = new Map<number, ProcessFact>();
  for (const fact of index.snapshot.processes.values()) {
    if (fact.namespaces === undefined) continue;
    const first = found.get(fact.namespaces.pid);
    const sooner = first === undefined ? -1 : fact.startTicks - first.startTicks || fact.pid - first.pid;
    if (sooner < 0) found.set(fact.namespaces.pid, fact);
  }
  firsts.set(index, found);
  return found;
}

/**
 * Whether a process is number 1 of a pid namespace of its own. Its parent is outside: of a space whose first process
 * cannot be looked at, the oldest that can be is no more than any other.
 *
 * Source: pid_namespaces(7), "The namespace init process".
 */
function isFirstOfSpace(index: SnapshotIndex, pid: number): boolean {
  const fact = index.process(pid);
  const space = fact?.namespaces?.pid;
  if (fact === undefined || space === undefined || firstsOf(index).get(space) !== fact) return false;
  const outside = index.process(fact.parent)?.namespaces?.pid;
  return outside !== undefined && outside !== space;
}
