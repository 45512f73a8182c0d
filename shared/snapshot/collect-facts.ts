import type { Fact, SnapshotEnd } from '../capture-protocol/helper-frame.ts';
import { decodeText } from '../trace-text/decode-bytes.ts';
import { readMappings, readOpenFile } from './read-open-file.ts';
import { type ReadProcess, readProcess } from './read-process.ts';
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
  readonly modules: Map<string, string>;
  refcounts: string | undefined;
  readonly processes: Map<number, ReadProcess>;
  readonly openFiles: OpenFile[];
  readonly mappings: DeviceMapping[];
  readonly mounts: { namespace: number; pid: number; text: string }[];
  readonly standing: Map<string, string>;
  readonly magic: Map<string, string>;
  readonly sockets: string[];
  readonly devices: Map<string, string>;
  readonly blocks: Map<string, string>;
  /** What stands under its own path or command line, every byte a character. */
  readonly files: Map<string, string>;
  readonly failed: FailedFact[];
  readonly leftOut: Map<string, number>;
  /** Facts that were too many to keep. */
  dropped: number;
}

/** More than any real system says; what comes beyond is counted only. */
const maxFacts = 400_000;
const maxCharacters = 128 * 1024 * 1024;

/** Collects facts as they come; `add` says nothing and throws nothing, whatever they hold. */
export function createFactCollection(): { readonly facts: CollectedFacts; add(fact: Fact): void } {
  const facts: CollectedFacts = {
    end: undefined,
    ownNetwork: undefined,
    ownMounts: undefined,
    modules: new Map(),
    refcounts: undefined,
    processes: new Map(),
    openFiles: [],
    mappings: [],
    mounts: [],
    standing: new Map(),
    magic: new Map(),
    sockets: [],
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

type Adder = (facts: CollectedFacts, subject: string, text: string, error: number) => void;

const adders: Readonly<Record<string, Adder>> = {
  self(facts, _, text) {
    const [mounts, network] = text.split(' ').map(Number);
    facts.ownMounts = mounts || undefined;
    facts.ownNetwork = network || undefined;
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
