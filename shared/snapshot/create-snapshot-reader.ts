import { createFrameDecoder } from '../capture-protocol/create-frame-decoder.ts';
import { explainRefusal } from '../capture-protocol/explain-refusal.ts';
import type { Problem } from '../problem.ts';
import { runSteps } from '../run-steps.ts';
import { decodeText } from '../trace-text/decode-bytes.ts';
import { type CollectedFacts, createFactCollection } from './collect-facts.ts';
import { joinUncompared } from './join-uncompared.ts';
import { listUnseen } from './list-unseen.ts';
import { readBlockDevice, readDevice, readRegistered, readSwaps } from './read-devices.ts';
import { readModules } from './read-modules.ts';
import { readSockets } from './read-network.ts';
import { readNetworks } from './read-networks.ts';
import { readSuperblocks } from './read-superblocks.ts';
import type { BlockDevice, SystemSnapshot } from './system-snapshot.ts';

export type ReadSnapshot =
  | { readonly ok: true; readonly snapshot: SystemSnapshot }
  | { readonly ok: false; readonly problem: Problem };

/** Reads one snapshot from the helper's bytes. */
export interface SnapshotReader {
  /** Whatever the bytes are, this does not throw; a chunk may end anywhere. */
  push(chunk: Uint8Array): void;
  /** All of the snapshot has come, or nothing more will. */
  readonly done: boolean;
  /** What it is. A look that broke off is a snapshot too, which says so in `unseen`; what the helper refused is a problem. */
  finish(): ReadSnapshot;
  /** The same in steps of some milliseconds, between which other work may be done. */
  finishInSteps(): Generator<void, ReadSnapshot>;
}

/** Bytes that are decoded in one step. */
const STEP_BYTES = 64 * 1024;

/** Reads one look of the helper. */
export function createSnapshotReader(): SnapshotReader {
  const decoder = createFrameDecoder();
  const { facts, add } = createFactCollection();
  let problem: Problem | undefined;
  let done = false;

  const reader: SnapshotReader = {
    push(chunk) {
      if (done) return;
      for (const frame of decoder.push(chunk)) {
        if (frame.kind === 'fact') add(frame);
        else if (frame.kind === 'refusal') problem ??= explainRefusal(frame.code, frame.sentence);
        else if (frame.kind === 'snapshot-end') facts.end = frame;
        done ||= frame.kind === 'snapshot-end' || frame.kind === 'bye';
        if (done) return;
      }
      problem ??= decoder.failed;
      done ||= problem !== undefined;
    },
    get done() {
      return done;
    },
    finish: () => runSteps(reader.finishInSteps()),
    *finishInSteps() {
      done = true;
      if (problem !== undefined) return { ok: false, problem: { ...problem, what } };
      if (facts.end === undefined) return { ok: false, problem: { what, ...brokenOff } };
      return { ok: true, snapshot: yield* makeSnapshot(facts) };
    },
  };
  return reader;
}

const what = 'The system could not be looked at.';
const brokenOff = {
  why: 'The helper ended before it had told everything.',
  remedy: 'Look again; when it happens every time, report it.',
};

/** All chunks at once, for those that have them. */
export function readSnapshot(chunks: Iterable<Uint8Array>): ReadSnapshot {
  return runSteps(readSnapshotInSteps(chunks));
}

/** The same in steps of some milliseconds, between which other work may be done. */
export function* readSnapshotInSteps(chunks: Iterable<Uint8Array>): Generator<void, ReadSnapshot> {
  const reader = createSnapshotReader();
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += STEP_BYTES) {
      reader.push(chunk.subarray(at, at + STEP_BYTES));
      yield;
    }
  }
  return yield* reader.finishInSteps();
}

function* makeSnapshot(facts: CollectedFacts): Generator<void, SystemSnapshot> {
  const file = (name: string) => facts.files.get(name) ?? '';
  const processes = new Map(
    [...facts.processes].map(([pid, { fact }]) => [pid, { ...fact, userName: facts.users.get(fact.user) }]),
  );
  const registered = readRegistered(file('/proc/devices'), file('/proc/misc'));
  const modules = readModules({ list: file('/proc/modules'), folders: facts.modules, after: facts.refcounts });
  yield;
  const superblocks = yield* readSuperblocks(facts);
  const swapped = readSwaps(file('/proc/swaps'));
  const hosts = (host: string) => {
    const name = file(`/sys/class/scsi_host/${host}/proc_name`).trim().replaceAll('-', '_');
    return modules.find((module) => module.name === name)?.name;
  };
  const sockets = yield* readSockets({ sockets: facts.sockets, files: facts.files, processes });
  const networks = yield* readNetworks(facts.networks);
  const texts = yield* readTexts(facts.files);
  return {
    began: facts.end?.began ?? 0n,
    ended: facts.end?.ended ?? 0n,
    kernel: facts.end?.kernel ?? '',
    asRoot: facts.end?.asRoot ?? false,
    asker: facts.asker,
    modules,
    processes,
    openFiles: joinUncompared(facts.openFiles),
    mappings: facts.mappings,
    superblocks,
    sockets,
    networks,
    blockDevices: [...facts.blocks]
      .map(([name, text]) => readBlockDevice(name, text, { swapped, hosts }))
      .filter((device): device is BlockDevice => device !== undefined),
    devices: new Map([...facts.devices].map(([key, text]) => [key, readDevice(key, text, registered)])),
    texts,
    unseen: listUnseen(facts, superblocks),
  };
}

/** A folder's names, which end in slashes, become lines. */
function* readTexts(files: ReadonlyMap<string, string>): Generator<void, ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const [name, text] of files) {
    const isFolder = name.startsWith('/') && name.endsWith('/');
    texts.set(
      decodeText(isFolder ? name.slice(0, -1) : name),
      decodeText(isFolder ? text.replaceAll('/', '\n') : text),
    );
    yield;
  }
  return texts;
}
