import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CaptureRequest } from '../../shared/capture-protocol/capture-request.ts';
import { createFrameDecoder } from '../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeClear, encodeStart, encodeStop } from '../../shared/capture-protocol/encode-request.ts';
import type { Hello, HelperFrame } from '../../shared/capture-protocol/helper-frame.ts';
import { createLostTally } from '../../shared/capture-protocol/tally-lost-events.ts';
import { defaultCaptureRequest } from '../../shared/ipc/capture-contract.ts';
import { type FakeTree, makeFakeTree } from './support/make-fake-tree.ts';
import { binaries, isKind, type RunningHelper, type StartOptions, startHelper } from './support/start-helper.ts';

let tree: FakeTree;
beforeEach(() => {
  tree = makeFakeTree();
});
afterEach(() => tree.remove());

async function record(request: Partial<CaptureRequest> = {}, options?: StartOptions) {
  const helper = startHelper(tree.path, options);
  const start = encodeStart({ ...defaultCaptureRequest, ...request });
  if (!start.ok) throw new Error(start.problem.why);
  helper.process.stdin.write(start.frame);
  const hello = await helper.until(isKind('hello'));
  return { helper, hello, folder: join(tree.path, 'instances', hello.instance) };
}

/** Waits for so many bytes of trace, and gives them as text. */
async function traceText(helper: RunningHelper, length: number): Promise<string> {
  const text = () => {
    const pieces = helper.frames.filter(isKind('trace')).map((frame) => Buffer.from(frame.bytes).toString('latin1'));
    return pieces.join('');
  };
  await helper.until((frame): frame is HelperFrame => frame.kind === 'trace' && text().length >= length);
  return text();
}

const byeOf = (frames: readonly HelperFrame[]) => frames.at(-1);

/** The pump: the only child of the process that was started. */
function pumpOf(helper: RunningHelper): number {
  const pid = helper.process.pid!;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** Whether a process runs; one that is only not yet waited for does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

test('a recording says hello, tells the modules, streams the text, and leaves nothing behind', async () => {
  const { helper, hello, folder } = await record();
  expect(hello).toMatchObject({
    version: 1,
    instance: `modshark-${helper.process.pid}`,
    events: ['load', 'free', 'get', 'put', 'request'],
    clock: 'unknown',
    recordTgid: true,
    bufferKiB: '4096',
    cpus: 2,
    swept: 0,
    tracefs: tree.path,
  } satisfies Partial<Hello>);
  const loaded = existsSync('/proc/modules') ? readFileSync('/proc/modules', 'latin1') : '';
  const blanked = loaded.replace(/ 0x[0-9a-f]+/gi, (address) => ` 0x${'0'.repeat(address.length - 3)}`);
  expect((await helper.until(isKind('modules'))).text).toBe(blanked);

  const pipe = openSync(join(folder, 'trace_pipe'), 'w');
  const text = `${'          insmod-154     [001] .....     9.228660: module_load: testmod OE\n'.repeat(300)}`;
  writeSync(pipe, text);
  expect(await traceText(helper, text.length)).toBe(text);
  closeSync(pipe);

  helper.process.stdin.write(encodeStop());
  const { status, frames, stderr, failure } = await helper.ended();
  expect({ status, stderr, failure }).toEqual({ status: 0, stderr: '', failure: undefined });
  expect(byeOf(frames)).toEqual({ kind: 'bye', reason: 'stop', instance: 'removed' });
  expect(frames.filter(isKind('modules')).map((frame) => frame.when)).toEqual(['start', 'end']);
  expect(tree.instances()).toEqual([]);
});

test('only gets and puts are filtered, each in a file of its own, and everything is switched off at the end', async () => {
  const names = ['snd-hda-intel', 'drm'];
  const { helper, hello } = await record({ modules: { which: 'only', names }, stackTraces: true, bufferKiB: 64 });
  helper.process.stdin.end();
  await helper.ended();
  const audit = tree.audit();
  const written = (file: string) => audit.get(`${hello.instance}/${file}`);
  const filter = 'name=="snd_hda_intel"||name=="drm"';
  for (const event of ['module_get', 'module_put']) {
    expect(written(`events/module/${event}/filter`)).toBe(filter);
    expect(written(`events/module/${event}/trigger`)).toBe(`stacktrace if ${filter}`);
  }
  for (const event of ['module_load', 'module_free', 'module_request']) {
    expect(written(`events/module/${event}/filter`)).toBe('');
    expect(written(`events/module/${event}/trigger`)).toBe('');
    expect(written(`events/module/${event}/enable`)).toBe('0');
  }
  expect(written('buffer_size_kb')).toBe('64');
  expect(written('trace_clock')).toBe('mono');
  expect(written('options/latency-format')).toBe('0');
  expect(written('tracing_on')).toBe('0\n');
});

test('what is excluded becomes the opposite filter', async () => {
  const { helper, hello } = await record({ modules: { which: 'except', names: ['binfmt_misc', 'ext4'] } });
  helper.process.stdin.end();
  await helper.ended();
  const filter = tree.audit().get(`${hello.instance}/events/module/module_get/filter`);
  expect(filter).toBe('name!="binfmt_misc"&&name!="ext4"');
});

test('events that were not asked for are not enabled', async () => {
  const { helper, hello } = await record({ events: ['get', 'put'] });
  expect(hello.events).toEqual(['get', 'put']);
  const enabled = (event: string) => {
    return readFileSync(join(tree.path, 'instances', hello.instance, `events/module/${event}/enable`), 'latin1');
  };
  expect(['module_get', 'module_put', 'module_load', 'module_free'].map(enabled)).toEqual(['1', '1', '', '']);
  helper.process.stdin.end();
  await helper.ended();
});

const ends: [how: string, reason: string, act: (helper: RunningHelper) => void][] = [
  ['STOP', 'stop', (helper) => helper.process.stdin.write(encodeStop())],
  ['a closed stdin', 'stdin-closed', (helper) => helper.process.stdin.end()],
  ['SIGTERM', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGTERM')],
  ['SIGHUP', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGHUP')],
  ['SIGINT', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGINT')],
  // A terminal's Ctrl-\\, a timer that outlives execve, a limit of whoever started it.
  ['SIGQUIT', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGQUIT')],
  ['SIGALRM', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGALRM')],
  ['SIGXCPU', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGXCPU')],
  ['SIGUSR1', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGUSR1')],
  ['SIGIO', 'signal', (helper) => process.kill(helper.process.pid!, 'SIGIO')],
  ['SIGTERM to the pump', 'signal', (helper) => process.kill(pumpOf(helper), 'SIGTERM')],
  ['SIGKILL of the pump', 'pump-killed', (helper) => process.kill(pumpOf(helper), 'SIGKILL')],
  ['a request that is none', 'failed', (helper) => helper.process.stdin.write('S\0\0\0')],
  ['a request with a body', 'failed', (helper) => helper.process.stdin.write('Q\0\0\u0001x')],
];

test.each(ends)('%s ends the recording with %s, and tracefs is clean', async (_how, reason, act) => {
  const { helper } = await record();
  await helper.until(isKind('counts')); // the pump's first frame: it runs
  act(helper);
  const { frames, failure } = await helper.ended();
  expect(failure).toBeUndefined();
  expect(byeOf(frames)).toEqual({ kind: 'bye', reason, instance: 'removed' });
  // The helper switches it off itself, and nobody else is accused of that.
  expect(frames.filter(isKind('counts')).filter(({ tracingOn }) => !tracingOn)).toEqual([]);
  expect(frames.filter(isKind('refusal')).map(({ code }) => code)).toEqual(reason === 'failed' ? ['bad-request'] : []);
  expect(tree.instances()).toEqual([]);
});

test('an instance that was switched off a moment before the end is told as that', async () => {
  const { helper, folder } = await record();
  await helper.until(isKind('counts'));
  writeFileSync(join(folder, 'tracing_on'), '0\n');
  helper.process.stdin.write(encodeStop());
  const { frames } = await helper.ended();
  expect(frames.filter(isKind('counts')).some(({ tracingOn }) => !tracingOn)).toBe(true);
});

test('a reader that goes away ends it too', async () => {
  const { helper } = await record();
  helper.process.stdout.destroy();
  const status = await new Promise((resolve) => helper.process.on('exit', resolve));
  expect(status).toBe(0);
  expect(tree.instances()).toEqual([]);
});

/** Does what a pipe is not ready for again and again, until it is. */
async function retried(act: () => number): Promise<number> {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await new Promise(setImmediate);
    }
  }
}

test('a reader that only stops reading does not keep it from ending', async () => {
  // A pipe that is read until the pump runs, and then never again.
  const pipe = join(tree.path, 'stdout');
  execFileSync('mkfifo', [pipe]);
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(pipe, 'w');
  const helper = spawn(join(binaries, 'fake-helper'), {
    stdio: ['pipe', writing, 'inherit'],
    env: { FAKE_TRACEFS: tree.path },
  });
  closeSync(writing);
  const start = encodeStart(defaultCaptureRequest);
  helper.stdin!.write(start.ok ? start.frame : '');
  const decoder = createFrameDecoder();
  const chunk = Buffer.alloc(4096);
  for (let running = false; !running; ) {
    const length = await retried(() => readSync(reading, chunk));
    running = decoder.push(chunk.slice(0, length)).some(isKind('counts'));
  }
  // Text comes for as long as anybody takes it: more than any pipe holds.
  const flags = constants.O_WRONLY | constants.O_NONBLOCK;
  const flood = openSync(join(tree.path, 'instances', `modshark-${helper.pid}`, 'trace_pipe'), flags);
  const exited = new Promise<number | null>((resolve) => helper.on('exit', resolve));
  helper.stdin!.end();
  const text = Buffer.alloc(4096);
  const flooded = (async () => {
    for (;;) await retried(() => writeSync(flood, text));
  })();
  await expect(flooded).rejects.toMatchObject({ code: 'EPIPE' });
  expect(await exited).toBe(0);
  expect(tree.instances()).toEqual([]);
  for (const file of [flood, reading]) closeSync(file);
});

test('a pump that is killed while nobody reads leaves whole frames, and the last one still comes', async () => {
  const { helper, folder } = await record();
  await helper.until(isKind('counts'));
  const before = helper.frames.length;
  helper.process.stdout.pause();
  const flood = openSync(join(folder, 'trace_pipe'), constants.O_WRONLY | constants.O_NONBLOCK);
  const text = Buffer.from('          insmod-154     [001] .....     9.228660: module_load: testmod OE\n'.repeat(50));
  for (let written = 0; written < 256 * 1024; ) written += await retried(() => writeSync(flood, text));
  process.kill(pumpOf(helper), 'SIGKILL');
  helper.process.stdout.resume();
  const { frames, failure } = await helper.ended();
  closeSync(flood);
  expect(failure).toBeUndefined();
  expect(frames.slice(before).filter(isKind('trace')).length).toBeGreaterThan(8);
  expect(byeOf(frames)).toEqual({ kind: 'bye', reason: 'pump-killed', instance: 'removed' });
});

test('the pump has a session of its own, and goes first where root may say so', async () => {
  const { helper } = await record();
  await helper.until(isKind('counts'));
  // Source: proc(5), fields 6 (session) and 19 (nice) of /proc/PID/stat.
  const fieldsOf = (pid: number) =>
    readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
  const own = /^CapEff:\t(\w+)/m.exec(readFileSync('/proc/self/status', 'latin1'))![1];
  const mayHurry = (BigInt(`0x${own}`) & (1n << 23n)) !== 0n; // CAP_SYS_NICE
  const pump = pumpOf(helper);
  const [session, nice] = [fieldsOf(pump)[3], fieldsOf(pump)[16]].map(Number);
  const [, usual] = [3, 16].map((at) => Number(fieldsOf(helper.process.pid!)[at]));
  expect({ session, nice }).toEqual({ session: pump, nice: mayHurry ? -10 : usual });
  helper.process.stdin.end();
  await helper.ended();
});

test('SIGKILL of the janitor ends the pump, and the next start sweeps what was left', async () => {
  const { helper, hello } = await record();
  await helper.until(isKind('counts'));
  const pump = pumpOf(helper);
  process.kill(helper.process.pid!, 'SIGKILL');
  const { frames, failure } = await helper.ended(); // its stdout closes when the pump, too, is gone
  expect(failure).toBe('It ended without saying why.');
  expect(frames.some(isKind('bye'))).toBe(false);
  // Its files close before it counts as ended.
  await expect.poll(() => isAlive(pump)).toBe(false);
  expect(tree.instances()).toEqual([hello.instance]);

  const next = await record();
  expect(next.hello.swept).toBe(1);
  expect(tree.instances()).toEqual([next.hello.instance]);
  next.helper.process.stdin.end();
  await next.helper.ended();
});

test('a sweep leaves everybody else alone: the living, and whatever only looks similar', async () => {
  const alive = await record();
  const others = ['modshark-', 'modshark-1x', 'modshark-1234567890', 'modshark', 'trace-cmd', '999999', 'modshark--5'];
  for (const name of others) mkdirSync(join(tree.path, 'instances', name));
  mkdirSync(join(tree.path, 'instances/modshark-1')); // a living process that is no helper: a reused pid
  const second = await record();
  expect(second.hello.swept).toBe(1);
  expect(tree.instances().sort()).toEqual([...others, alive.hello.instance, second.hello.instance].sort());
  for (const { helper } of [alive, second]) {
    helper.process.stdin.end();
    expect(byeOf((await helper.ended()).frames)).toMatchObject({ reason: 'stdin-closed', instance: 'removed' });
  }
  expect(tree.instances().sort()).toEqual([...others].sort());
});

test('lost events and a switched-off instance are told within a second or so, and an erased buffer is seen', async () => {
  const { helper, folder } = await record();
  const tally = createLostTally();
  const first = await helper.until(isKind('counts'));
  expect(first).toMatchObject({ tracingOn: true, cpus: [{ cpu: 0 }, { cpu: 1 }] });
  tally.add(first);
  const stats = join(folder, 'per_cpu/cpu1/stats');
  const setStats = (overrun: number, read: number) => {
    writeFileSync(
      stats,
      `entries: 3\noverrun: ${overrun}\ncommit overrun: 2\ndropped events: 1\nread events: ${read}\n`,
    );
  };
  setStats(72_798, 9_000);
  const lost = await helper.until((f): f is Extract<HelperFrame, { kind: 'counts' }> => {
    return f.kind === 'counts' && f.cpus.some((cpu) => cpu.read === 9_000);
  });
  expect(lost.cpus).toEqual([{ cpu: 1, entries: 3, overrun: 72_798, commitOverrun: 2, dropped: 1, read: 9_000 }]);
  expect(tally.add(lost)).toEqual({ lost: 72_801, read: 9_000, waiting: 3, erasures: 0 });

  writeFileSync(join(folder, 'tracing_on'), '0\n');
  setStats(5, 10);
  const after = await helper.until((f): f is Extract<HelperFrame, { kind: 'counts' }> => {
    return f.kind === 'counts' && f.cpus.some((cpu) => cpu.read === 10);
  });
  expect(after.tracingOn).toBe(false);
  expect(tally.add(after)).toEqual({ lost: 72_809, read: 9_010, waiting: 3, erasures: 1 });
  helper.process.stdin.end();
  const { frames } = await helper.ended();
  expect(frames.filter(isKind('counts')).at(-1)!.cpus).toHaveLength(2);
});

test('while recording, root is left with what ending and removing take, and the pump with nothing', async () => {
  const { helper } = await record();
  // Who answers this waits for the pump already.
  helper.process.stdin.write(encodeClear());
  await helper.until(isKind('cleared'));
  const powers = (pid: number) => {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const field = (name: string) => new RegExp(`^${name}:\\t(\\w+)`, 'm').exec(status)?.[1];
    const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((name) => BigInt(`0x${field(name)}`));
    return { sets, noNewPrivileges: field('NoNewPrivs') };
  };
  const root = process.getuid?.() === 0;
  // CAP_DAC_OVERRIDE and CAP_KILL. Source: include/uapi/linux/capability.h
  const kept = root ? (1n << 1n) | (1n << 5n) : 0n;
  const sealed = root ? '1' : '0';
  expect(powers(helper.process.pid!)).toEqual({ sets: [0n, kept, kept, 0n], noNewPrivileges: sealed });
  expect(powers(pumpOf(helper))).toEqual({ sets: [0n, 0n, 0n, 0n], noNewPrivileges: sealed });
  helper.process.stdin.end();
  expect(byeOf((await helper.ended()).frames)).toEqual({ kind: 'bye', reason: 'stdin-closed', instance: 'removed' });
});

test('CLEAR erases our buffer, and nothing else', async () => {
  const { helper, folder } = await record();
  writeFileSync(join(folder, 'trace'), '# tracer: nop\n');
  writeFileSync(join(tree.path, 'trace'), 'somebody else’s\n');
  helper.process.stdin.write(encodeClear());
  await helper.until(isKind('cleared'));
  expect(readFileSync(join(folder, 'trace'), 'utf8')).toBe('');
  expect(readFileSync(join(tree.path, 'trace'), 'utf8')).toBe('somebody else’s\n');
  rmSync(join(folder, 'trace'));
  helper.process.stdin.write(encodeClear());
  expect((await helper.until(isKind('refusal'))).code).toBe('clear-failed');
  helper.process.stdin.write(encodeStop());
  expect(byeOf((await helper.ended()).frames)).toMatchObject({ reason: 'stop', instance: 'removed' });
});

test('an instance that somebody keeps busy is left, and said to be', async () => {
  tree.setTemplate('busy', '');
  const { helper, hello } = await record();
  helper.process.stdin.end();
  const { frames, status } = await helper.ended();
  expect(byeOf(frames)).toEqual({ kind: 'bye', reason: 'stdin-closed', instance: 'left' });
  expect(status).toBe(1);
  const enable = join(tree.path, 'instances', hello.instance, 'events/module/module_get/enable');
  expect(readFileSync(enable, 'latin1')).toBe('0');
});
