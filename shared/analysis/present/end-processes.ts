import type { ProcessFact } from '../../snapshot/system-snapshot.ts';
import { GRAPHICAL_END, graphical, plainUnit, shells, tellEndings } from './consequences.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { containerOf, isUserUnit, unitOf } from './name-process.ts';
import { isInUnit, listOwnLine, OWN_END } from './own-line.ts';
import type { ReleaseWay } from './present-accounting.ts';
import { quoteOperand, quoteShell } from './quote-shell.ts';

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

const join = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text !== '').join('; ');

/** Who the unit of a user is to be stopped by. */
const forUser = (user: number | undefined) => (user === undefined ? '' : `for user ${user} to run`);

/** What stops a container; or a machine of libvirt, which names it by its number: `qemu-1-win10`. Source: virDomainGenerateMachineName. */
function stopWhole(engine: string, name: string, unit: string | undefined, ofUser: number | undefined): ReleaseWay {
  // The numbers are of the system's own libvirt: what a user calls so is another machine, or none.
  const isOfSystem = engine === 'machine' && ofUser === undefined;
  const [, machine] = /^(?:qemu|xen|bhyve)-(\d{1,9})-/.exec(isOfSystem ? name : '') ?? [];
  if (machine !== undefined)
    return {
      title: `Shut the virtual machine ${name} down`,
      command: `virsh shutdown ${machine}`,
      consequence: 'as by its power button: it takes a while, and may refuse',
    };
  const again = engine === 'k8s' ? 'Kubernetes may start it again' : '';
  const consequence = join(['ends everything in it', again, forUser(ofUser)]);
  // One that a user's own engine runs is in no list of the system's: that user's systemd knows it.
  const own = unit === undefined ? undefined : `systemctl --user stop ${quoteOperand(unit)}`;
  const command = ofUser === undefined ? stopContainer[engine]?.(quoteShell(name)) : own;
  return { title: `Stop the container ${name}`, command, consequence };
}

/** @param comms names of the programs in it that are to go */
function stopUnit(
  index: SnapshotIndex,
  unit: string,
  ofUser: number | undefined,
  comms: readonly string[],
): ReleaseWay | undefined {
  const own = isInUnit(index, unit, ofUser !== undefined) ? OWN_END : '';
  const session = /^session-([\w-]+)\.scope$/.exec(unit);
  if (session !== null)
    return {
      title: `Log session ${session[1]} out`,
      command: `loginctl terminate-session ${quoteShell(session[1]!)}`,
      consequence: join(['ends every program of that login', own]),
    };
  // Of these everything else hangs.
  if (/^(init\.scope|user@\d+\.service|systemd-(logind|udevd|journald)\.service|dbus(-broker)?\.service)$/.test(unit))
    return undefined;
  return {
    title: `Stop ${unit}`,
    command: `systemctl ${ofUser === undefined ? '' : '--user '}stop ${quoteOperand(unit)}`,
    consequence: join([...tellEndings([plainUnit(unit), ...comms]), own, forUser(ofUser)]),
  };
}

/** Services that a graphical session is ended with. */
const displayManager = /^(gdm3?|sddm|lightdm|lxdm|xdm|greetd|ly|display-manager)\.service$/;

/** Where no display manager has started it, the session is a login at a console, which outlives every change of target. */
function leaveGraphics({ snapshot }: SnapshotIndex): ReleaseWay {
  const sessions = new Set<string>();
  let managed = false;
  for (const { comm, cgroups } of snapshot.processes.values()) {
    const unit = unitOf(cgroups) ?? '';
    managed ||= displayManager.test(unit);
    const session = graphical.test(comm) ? /^session-([\w-]+)\.scope$/.exec(unit)?.[1] : undefined;
    if (session !== undefined) sessions.add(session);
  }
  const logOut = `loginctl terminate-session ${[...sessions].map(quoteShell).join(' ')}`;
  return {
    title: 'Leave the graphical session',
    command: managed || sessions.size === 0 ? 'systemctl isolate multi-user.target' : logOut,
    consequence: GRAPHICAL_END,
  };
}

function nameSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} other programs` : names.join(', ');
}

interface UnitMembers {
  readonly cgroups: readonly string[];
  /** Whose own systemd runs it; undefined for the system's. */
  readonly ofUser: number | undefined;
  readonly comms: string[];
}

/** Units of one name are one where one systemd runs them. Of a thousand processes that were forked none is looked at twice. */
function groupByUnit(facts: readonly ProcessFact[]): Iterable<UnitMembers> {
  const groups = new Map<string, UnitMembers>();
  for (const { cgroups, user, comm } of facts) {
    const ofUser = isUserUnit(cgroups) ? user : undefined;
    const key = [containerOf(cgroups), unitOf(cgroups), ofUser].join('\0');
    const group = groups.get(key) ?? { cgroups, ofUser, comms: [] };
    groups.set(key, group);
    group.comms.push(comm);
  }
  return groups.values();
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
  if (graphics && drawing && bySystemd) ways.push(leaveGraphics(index));
  const units = new Map<string, ReleaseWay>();
  const managers = new Set<number | undefined>();
  let covered = 0;
  for (const { cgroups, ofUser, comms } of groupByUnit(facts)) {
    managers.add(ofUser);
    const container = containerOf(cgroups)?.split(':', 2);
    const unit = unitOf(cgroups);
    if (container !== undefined) {
      const [engine, name] = container as [string, string];
      covered += comms.length;
      units.set([engine, name, ofUser].join('\0'), stopWhole(engine, name, unit, ofUser));
    } else if (unit !== undefined && bySystemd) {
      const way = stopUnit(index, unit, ofUser, comms);
      if (way === undefined) continue;
      covered += comms.length;
      units.set([unit, ofUser].join('\0'), way);
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
      title: join(all.map(({ title }) => title)),
      // Nobody alone can stop units of several users.
      command:
        managers.size === 1 && all.every(({ command }) => command !== undefined)
          ? all.map(({ command }) => command).join(' && ')
          : undefined,
      consequence: join(all.map(({ consequence }) => consequence)),
    });
  }
  if (mortal.length < facts.length)
    ways.push({ title: 'Reboot: process 1 itself has it open', command: undefined, consequence: 'ends everything' });
  else if (mortal.length <= MOST_PIDS) ways.push({ title: `End ${names}`, ...killing(index, facts) });
  return ways;
}

/**
 * The first process of a container takes no signal that it does not expect, but one; and everything in there ends with
 * it. A shell that somebody types into takes no SIGTERM.
 */
function killing(index: SnapshotIndex, facts: readonly ProcessFact[]): Pick<ReleaseWay, 'command' | 'consequence'> {
  const inits = facts.filter(({ pid }) => isFirstOfSpace(index, pid));
  const others = facts.filter((fact) => !inits.includes(fact));
  const kill = (signal: string, killed: readonly ProcessFact[]) =>
    killed.length === 0 ? [] : [`kill ${[signal, ...killed.map(({ pid }) => pid)].join(' ').trim()}`];
  const commands = [
    ...kill(
      '',
      others.filter(({ comm }) => !shells.test(comm)),
    ),
    ...kill(
      '-HUP',
      others.filter(({ comm }) => shells.test(comm)),
    ),
    ...kill('-9', inits),
  ];
  const endings = tellEndings(facts.map(({ comm }) => comm));
  const lost = inits.length === 0 ? 'what it has not saved is lost' : 'ends everything in its container';
  const own = listOwnLine(index).some((fact) => facts.includes(fact)) ? [OWN_END] : [];
  const isService = facts.some(({ cgroups }) => /\.service$/.test(unitOf(cgroups) ?? ''));
  const again = isService && index.process(1)?.comm === 'systemd' ? ['systemd may start it again'] : [];
  const all = endings.includes(GRAPHICAL_END) ? [...endings, ...again, ...own] : [lost, ...endings, ...again, ...own];
  return { command: commands.join(' && '), consequence: join(all) };
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
