import type { Fact, SnapshotEnd } from '../capture-protocol/helper-frame.ts';
import { decodeText } from '../trace-text/decode-bytes.ts';
import { readMappings, readOpenFile } from './read-open-file.ts';
import { type ReadProcess, readProcess } from './read-process.ts';
import { groupFields, readNumber, splitFields } from './split-fields.ts';
import type { DeviceMapping, OpenFile } from './system-snapshot.ts';

/** A file or a tool that gave nothing, or not all of it. */
export interface FailedFact {
  readonly name: string;
  /** errno. */
  readonly error: number;
}

/** The facts of one snapshot, sorted by what they are about. Nothing is concluded from them yet. */
export interface CollectedFacts {
  end: SnapshotEnd | undefined;
  /** Namespaces of the helper itself: /proc/net is of its own network. */
  ownNetwork: number | undefined;
  ownMounts: number | undefined;
  ownPids: number | undefined;
  /** Who started the helper. */
  asker: number | undefined;
  readonly modules: Map<string, string>;
  refcounts: string | undefined;
  readonly processes: Map<number, ReadProcess>;
  /** Names by number. */
  readonly users: Map<number, string>;
  readonly openFiles: OpenFile[];
  readonly mappings: DeviceMapping[];
  readonly mounts: { namespace: number; pid: number; text: string }[];
  readonly standing: Map<string, string>;
  readonly magic: Map<string, string>;
  readonly sockets: string[];
  /** Answers of the network namespaces that could be asked, by namespace. */
  readonly networks: Map<number, { readonly pid: number; readonly answers: Map<string, string> }>;
  readonly devices: Map<string, string>;
  readonly blocks: Map<string, string>;
  /** What stands under its own path or command line, every byte a character. */
  readonly files: Map<string, string>;
  readonly failed: FailedFact[];
  readonly leftOut: Map<string, number>;
  /** Facts that were too many to keep. */
  dropped: number;
}

/** LOGIN_NAME_MAX: a name as useradd takes it is far shorter. */
const LONGEST_NAME = 256;

/** More than any real system says; what comes beyond is counted only. */
const maxFacts = 400_000;
const maxCharacters = 128 * 1024 * 1024;

/** Collects facts as they come; `add` says nothing and throws nothing, whatever they hold. */
export function createFactCollection(): { readonly facts: CollectedFacts; add(fact: Fact): void } {
  const facts: CollectedFacts = {
    end: undefined,
    ownNetwork: undefined,
    ownMounts: undefined,
    ownPids: undefined,
    asker: undefined,
    modules: new Map(),
    refcounts: undefined,
    processes: new Map(),
    users: new Map(),
    openFiles: [],
    mappings: [],
    mounts: [],
    standing: new Map(),
    magic: new Map(),
    sockets: [],
    networks: new Map(),
    devices: new Map(),
    blocks: new Map(),
    files: new Map(),
    failed: [],
    leftOut: new Map(),
    dropped: 0,
  };
  let count = 0;
  let characters = 0;

  return {
    facts,
    add(fact) {
      count += 1;
      characters += fact.name.length + fact.text.length;
      if (count > maxFacts || characters > maxCharacters) {
        facts.dropped += 1;
        return;
      }
      if (fact.name.startsWith(':')) addComposed(facts, fact);
      else addFile(facts, fact);
    },
  };
}

function addFile(facts: CollectedFacts, { name, error, text }: Fact): void {
  if (error !== 0) facts.failed.push({ name: decodeText(name), error });
  if (error === 0 || text !== '') facts.files.set(name, text);
}

/** `:kind subject`: what is put together from many files. */
function addComposed(facts: CollectedFacts, { name, error, text }: Fact): void {
  const at = name.indexOf(' ');
  const kind = at < 0 ? name.slice(1) : name.slice(1, at);
  const subject = at < 0 ? '' : name.slice(at + 1);
  if (Object.hasOwn(adders, kind)) adders[kind]!(facts, subject, text, error);
}

/** ENOENT and ESRCH. */
const [NO_FILE, NO_PROCESS] = [2, 3];

/** What is asked of a network namespace, for people. */
const networkQuestions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    looked: 'the packet filter and traffic control',
    chains: 'chains of nftables',
    rules: 'rules of nftables',
    objects: 'objects of nftables',
    flowtables: 'flow tables of nftables',
    sets: 'sets of ipset',
    links: 'network interfaces',
    queues: 'queueing disciplines',
    filters: 'traffic filters',
    actions: 'traffic actions',
  }),
);

type Adder = (facts: CollectedFacts, subject: string, text: string, error: number) => void;

const adders: Readonly<Record<string, Adder>> = {
  self(facts, _, text) {
    const [spaces = '', asker] = splitFields(text);
    const [mounts, network, pids] = spaces.split(' ').map(Number);
    facts.ownMounts = mounts || undefined;
    facts.ownNetwork = network || undefined;
    facts.ownPids = pids || undefined;
    facts.asker = readNumber(asker) || undefined;
  },
  module(facts, subject, text) {
    facts.modules.set(decodeText(subject), text);
  },
  refcounts(facts, _, text) {
    facts.refcounts = text;
  },
  process(facts, subject, text) {
    const pid = Number(subject);
    const process = Number.isSafeInteger(pid) ? readProcess(pid, text) : undefined;
    if (process !== undefined) facts.processes.set(pid, process);
  },
  users(facts, _, text) {
    for (const [number, name] of groupFields(splitFields(text), 2))
      facts.users.set(readNumber(number) ?? -1, decodeText(name!).slice(0, LONGEST_NAME));
  },
  file(facts, _, text) {
    const file = readOpenFile(text);
    if (file !== undefined) facts.openFiles.push(file);
  },
  mappings(facts, _, text) {
    for (const mapping of readMappings(text)) facts.mappings.push(mapping);
  },
  mounts(facts, subject, text, error) {
    const [namespace, pid] = subject.split(' ').map(Number);
    facts.mounts.push({ namespace: namespace || 0, pid: pid || 0, text });
    if (error !== 0) facts.failed.push({ name: `/proc/${pid || 'self'}/mountinfo`, error });
  },
  standing(facts, subject, text) {
    if (isNumber(subject)) facts.standing.set(subject, text);
  },
  magic(facts, subject, text) {
    if (isNumber(subject)) facts.magic.set(subject, text);
  },
  sockets(facts, _, text) {
    facts.sockets.push(text);
  },
  network(facts, subject, text, error) {
    const match = /^(\d{1,15}) (\d{1,10}) ([a-z]+)$/.exec(subject);
    if (match === null) return;
    const [namespace, pid, what] = [Number(match[1]), Number(match[2]), match[3]!];
    if (error !== 0) {
      const where = pid === 0 ? '' : ` of the network of process ${pid}`;
      // A namespace is entered by a process in it.
      const why = what === 'looked' && error === NO_FILE ? NO_PROCESS : error;
      facts.failed.push({ name: `${networkQuestions.get(what) ?? what}${where}`, error: why });
    }
    if (error !== 0 && text === '') return;
    const known = facts.networks.get(namespace) ?? { pid, answers: new Map() };
    facts.networks.set(namespace, known);
    known.answers.set(what, text);
  },
  device(facts, subject, text) {
    facts.devices.set(subject, text);
  },
  block(facts, subject, text) {
    facts.blocks.set(decodeText(subject), text);
  },
  'left-out'(facts, subject, text) {
    facts.leftOut.set(subject, Number(text) || 0);
  },
};

function isNumber(text: string): boolean {
  return /^\d{1,10}:\d{1,10}$/.test(text);
}
