import type { CollectedFacts } from './collect-facts.ts';
import type { SuperblockFact, Unseen } from './system-snapshot.ts';

/** What the kernel's numbers mean, in words. Source: errno(3). */
const reasons: Readonly<Record<number, string>> = {
  1: 'The kernel does not permit it.',
  2: 'It is not there any more.',
  3: 'The process ended meanwhile.',
  5: 'It did not end well.',
  12: 'The kernel had no memory for it.',
  13: 'Only root may look there.',
  27: 'There is more of it than is read.',
  110: 'It did not answer in time.',
};

const forbidden = [1, 13];

/** What could not be looked at, most important first. */
export function listUnseen(facts: CollectedFacts, superblocks: readonly SuperblockFact[]): Unseen[] {
  return [
    ...brokenOff(facts),
    ...closedProcesses(facts),
    ...hiddenProcesses(facts),
    ...outsideProcesses(facts),
    ...otherNetworks(facts),
    ...secretStates(facts),
    ...nameless(superblocks),
    ...closedFiles(facts),
  ];
}

function explain(error: number): string {
  return reasons[error] ?? `The kernel says error ${error}.`;
}

function brokenOff({ end, dropped, leftOut }: CollectedFacts): Unseen[] {
  const found: Unseen[] = [];
  if (end === undefined || end.result === 'failed') {
    found.push({ what: 'the rest of the system', why: 'The look broke off early.', count: undefined });
  } else if (end.result === 'late') {
    const why = 'The look hung, and was ended: a server or a daemon behind some filesystem does not answer.';
    found.push({ what: 'the rest of the system', why, count: undefined });
  }
  for (const [what, count] of leftOut) found.push({ what: `${count} more ${what}`, why: 'There are too many.', count });
  if (dropped > 0) found.push({ what: `${dropped} facts`, why: 'There are too many.', count: dropped });
  return found;
}

function closedProcesses({ processes, end }: CollectedFacts): Unseen[] {
  let count = 0;
  for (const { error } of processes.values()) if (forbidden.includes(error)) count += 1;
  if (count === 0) return [];
  const whose = end?.asRoot ? '' : ' of other users';
  const what = `open files of ${count} ${count === 1 ? 'process' : 'processes'}${whose}`;
  const why = end?.asRoot ? 'A security module or a container forbids it even to root.' : 'Only root may look there.';
  return [{ what, why, count }];
}

/** Source: Documentation/filesystems/proc.rst, "hidepid". */
function hiddenProcesses({ mounts, ownMounts, end }: CollectedFacts): Unseen[] {
  if (end?.asRoot) return [];
  const own = (mounts.find(({ namespace }) => namespace === ownMounts) ?? mounts[0])?.text ?? '';
  if (!/ - proc \S* \S*hidepid=(?!0|off)/.test(own)) return [];
  return [{ what: 'processes of other users', why: '/proc hides them (hidepid).', count: undefined }];
}

/** Inode number of the first pid namespace: PROC_PID_INIT_INO of linux/proc_ns.h. */
const FIRST_PID_SPACE = 0xeffffffc;

/** Not even root of a container sees who is outside of it. */
function outsideProcesses({ ownPids }: CollectedFacts): Unseen[] {
  if (ownPids === undefined || ownPids === FIRST_PID_SPACE) return [];
  return [{ what: 'processes outside of this container', why: 'It has a pid namespace of its own.', count: undefined }];
}

/** Those that some process is in, and those that are only kept by a name (`ip netns add`). Source: ns_get_path_cb, nsfs_show_path. */
function* listNetworks({ processes, mounts }: CollectedFacts): Generator<number> {
  for (const { fact } of processes.values()) if (fact.namespaces !== undefined) yield fact.namespaces.net;
  for (const { text } of mounts)
    for (const [, number] of text.matchAll(/^\d+ \d+ \S+ net:\[(\d+)\] [^\n]* - nsfs /gm)) yield Number(number);
}

/** Whose packet filter nobody was asked about: a helper without rights enters no namespace, one with them 16 at most. */
function otherNetworks(facts: CollectedFacts): Unseen[] {
  const { networks, ownNetwork, files } = facts;
  if (ownNetwork === undefined) return [];
  const others = new Set(listNetworks(facts));
  others.delete(0);
  others.delete(ownNetwork);
  const word = (count: number) => `${count} other network ${count === 1 ? 'namespace' : 'namespaces'}`;
  const found: Unseen[] = [];
  const closed = [...others].filter((number) => !networks.has(number)).length;
  if (networks.size > 0 && closed > 0) {
    const why = facts.end?.asRoot ? 'No process is in them, or there are too many.' : 'Only root may enter them.';
    found.push({ what: `firewall rules and queues of ${word(closed)}`, why, count: closed });
  }
  const legacy = [...files.keys()].some((name) => /^ip6?tables-legacy-save/.test(name));
  if (legacy && others.size > 0) {
    const what = `rules of iptables-legacy of ${word(others.size)}`;
    found.push({ what, why: 'Only the own one is asked about.', count: others.size });
  }
  return found;
}

/** Modules that each state of IPsec counts on. Source: xfrm_get_type, xfrm_get_mode. */
const secretModules = ['esp4', 'esp6', 'ah4', 'ah6', 'ipcomp', 'ipcomp6'];

function secretStates({ modules }: CollectedFacts): Unseen[] {
  const inUse = secretModules.some((name) => Number.parseInt(modules.get(name) ?? '0', 10) > 0);
  const why = 'The kernel lists them with their keys, so nobody asks.';
  return inUse ? [{ what: 'states of IPsec', why, count: undefined }] : [];
}

/** Their server or daemon would have to say what they are. */
function nameless(superblocks: readonly SuperblockFact[]): Unseen[] {
  const count = superblocks.filter(({ type }) => type === '').length;
  if (count === 0) return [];
  const what = `the kind of ${count} ${count === 1 ? 'filesystem that is' : 'filesystems that are'} mounted nowhere`;
  return [{ what, why: 'It did not answer.', count }];
}

function closedFiles({ failed }: CollectedFacts): Unseen[] {
  return failed.map(({ name, error }) => {
    const why = error === 2 && !name.startsWith('/') ? 'It is not installed.' : explain(error);
    return { what: name, why, count: undefined };
  });
}
