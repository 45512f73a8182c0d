import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { createCaptureSession } from '../../../electron/host/capture/create-capture-session.ts';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import { defaultCaptureRequest } from '../../../shared/ipc/capture-contract.ts';
import { childOf } from './capture.ts';
import { eventually, readTrace, tracefs, writeTrace } from './kernel.ts';

/** Something that reads the kernel's module events while they are made. */
export interface StormReader {
  readonly name: string;
  /** Its processes: CPU and memory are theirs. */
  readonly pids: readonly number[];
  /** What the kernel's counters say of its buffer. */
  counts(): Counts;
  /** Reads what is left and ends; gives where the text is, where it is text. */
  stop(): Promise<string | undefined>;
}

export interface Counts {
  readonly read: number;
  readonly lost: number;
  readonly waiting: number;
}

const folder = '/tmp/storm';

/** The kernel's own counters of an instance. Source: tracing_stats_read in kernel/trace/trace.c. */
function countsOf(instance: string): Counts {
  const cpus = readdirSync(`${tracefs}/instances/${instance}/per_cpu`);
  const texts = cpus.map((cpu) => readTrace(`instances/${instance}/per_cpu/${cpu}/stats`));
  const sum = (label: string) =>
    texts.reduce((total, text) => total + Number(new RegExp(`^${label}: (\\d+)`, 'm').exec(text)![1]), 0);
  return {
    read: sum('read events'),
    lost: sum('overrun') + sum('commit overrun') + sum('dropped events'),
    waiting: sum('entries'),
  };
}

/** A recording as the window makes it: helper, session and spool file. */
async function startModShark(bufferKiB: number): Promise<StormReader> {
  const created = await createCaptureSession({
    request: { ...defaultCaptureRequest, bufferKiB },
    command: { way: 'root', file: '/lab/bin/capture-helper', argv: [] },
    spools: createSpoolFolder(folder),
  });
  if (!created.ok) throw new Error(created.problem.why);
  const { session } = created;
  await session.started;
  const { instance } = session.hello!;
  const helper = Number(instance.replace('modshark-', ''));
  await eventually('the pump runs', () => childOf(helper) !== undefined);
  return {
    name: 'ModShark',
    pids: [helper, childOf(helper)!],
    counts: () => countsOf(instance),
    async stop() {
      const { problem, path } = await session.stop();
      if (problem !== undefined) throw new Error(`${problem.what} ${problem.why}`);
      return path;
    },
  };
}

function makeInstance(name: string, bufferKiB: number): void {
  mkdirSync(folder, { recursive: true });
  mkdirSync(`${tracefs}/instances/${name}`);
  writeTrace(`instances/${name}/buffer_size_kb`, String(bufferKiB));
  writeTrace(`instances/${name}/trace_clock`, 'mono');
  writeTrace(`instances/${name}/options/record-tgid`, '1');
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.on('close', () => resolve()));
}

async function startCat(bufferKiB: number): Promise<StormReader> {
  makeInstance('cat', bufferKiB);
  const path = `${folder}/cat.txt`;
  const file = openSync(path, 'w');
  const cat = spawn('/bin/cat', [`${tracefs}/instances/cat/trace_pipe`], { stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  writeTrace('instances/cat/events/module/enable', '1');
  return {
    name: 'cat trace_pipe',
    pids: [cat.pid!],
    counts: () => countsOf('cat'),
    async stop() {
      cat.kill();
      await ended(cat);
      rmdirSync(`${tracefs}/instances/cat`);
      return path;
    },
  };
}

async function startTraceCmd(bufferKiB: number): Promise<StormReader> {
  makeInstance('trace-cmd', bufferKiB);
  const argv = ['record', '-B', 'trace-cmd', '-C', 'mono', '-e', 'module', '-o', `${folder}/trace.dat`];
  const program = spawn('/sbin/trace-cmd', argv, { cwd: folder, stdio: 'ignore' });
  const over = ended(program);
  const recorders = () =>
    readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'latin1').trim().split(' ').map(Number);
  const isOn = () => readTrace('instances/trace-cmd/events/module/enable').startsWith('1');
  await eventually('trace-cmd records', () => isOn() && recorders()[0] !== 0);
  return {
    name: 'trace-cmd record',
    pids: [program.pid!, ...recorders()],
    counts: () => countsOf('trace-cmd'),
    async stop() {
      program.kill('SIGINT');
      await over; // and the instance is removed
      return undefined;
    },
  };
}

export const stormReaders = { startModShark, startCat, startTraceCmd };
