import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { lookAtThisSystem } from '../../../../electron/host/capture/host-system.ts';
import { measureBufferRoom } from '../../../../electron/host/capture/measure-buffer-room.ts';
import { accountFor } from '../../../../shared/analysis/account-for.ts';
import type { Accounting } from '../../../../shared/analysis/accounting.ts';
import { analyse } from '../../../../shared/analysis/analyse.ts';
import { chooseBufferSize } from '../../../../shared/capture-protocol/choose-buffer-size.ts';
import type { EventTable } from '../../../../shared/event-table/event-table.ts';
import { createTraceReader } from '../../../../shared/trace-text/trace-reader.ts';
import { startCapture } from '../capture.ts';
import { modprobe, must, refcountOf } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';
import { type StormReader, stormReaders } from '../storm-readers.ts';

const builders = ['make', 'ninja', 'cc1', 'ld'];
/** Of each of them: a get and a put each. */
const cycles = 26_000;
const made = builders.length * cycles * 2;

const tablePath = '/out/storm-table.md';
const headings = [
  ...['reader', 'buffer of each CPU', 'made', 'events a second', 'kept', 'lost', 'CPU of the reader'],
  ...['its memory at start, middle, end', 'CPU of the host', 'its memory at start, middle, end'],
];

/** CPU time of a process in milliseconds. Source: proc(5), fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory. Source: proc(5), /proc/PID/status. */
function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]);
}

const totalOf = (pids: readonly number[], measure: (pid: number) => number) =>
  pids.reduce((sum, pid) => sum + measure(pid), 0);

interface Memory {
  readonly reader: number;
  readonly host: number;
}

/**
 * Has every builder open and close the module's device, and looks at memory at the start, in the middle and at the end.
 * Between, whoever is named stands still: what the kernel's buffer does not hold then is lost.
 */
async function storm(reader: StormReader, standstill: number | undefined) {
  const puppets = await Promise.all(builders.map((name) => startPuppet(name)));
  const memory: Memory[] = [];
  const began = performance.now();
  async function part(share: number): Promise<void> {
    await Promise.all(puppets.map((puppet) => puppet.do(`open-close /dev/testmod ${cycles * share}`)));
    memory.push({ reader: totalOf(reader.pids, residentKiB), host: process.memoryUsage.rss() / 1024 });
  }
  await part(1 / 8);
  if (standstill !== undefined) process.kill(standstill, 'SIGSTOP');
  await part(3 / 8);
  if (standstill !== undefined) process.kill(standstill, 'SIGCONT');
  await part(1 / 2);
  const seconds = (performance.now() - began) / 1000;
  for (const puppet of puppets) await puppet.kill();
  return { seconds, memory, pids: puppets.map(({ pid }) => pid) };
}

/** Until nothing comes any more: what is left in the kernel's buffer is then not read before the end. */
async function settled(reader: StormReader): Promise<void> {
  for (let before = -1, now = reader.counts().read; now !== before; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    before = now;
    now = reader.counts().read;
  }
}

const percent = (part: number) => `${((100 * part) / made).toFixed(1)} %`;
const count = (value: number) => Math.round(value).toLocaleString('en-US');
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;

function told(memory: readonly Memory[], of: keyof Memory): string {
  return `${memory.map((one) => (one[of] / 1024).toFixed(1)).join(', ')} MiB`;
}

/** One storm for one reader, while a process holds the module twice; what it left, and the numbers in the table. */
async function play(start: (bufferKiB: number) => Promise<StormReader>, bufferKiB: number, standsStill = false) {
  const reader = await start(bufferKiB);
  modprobe('testmod');
  const holder = await startPuppet('holder');
  for (let times = 0; times < 2; times++) await holder.do('open /dev/testmod');
  const before = reader.counts();
  const readerBefore = totalOf(reader.pids, cpuMs);
  const hostBefore = process.cpuUsage();
  const { seconds, memory, pids } = await storm(reader, standsStill ? reader.pids.at(-1) : undefined);
  await settled(reader);
  const readerCpu = totalOf(reader.pids, cpuMs) - readerBefore;
  const { user, system } = process.cpuUsage(hostBefore);
  const counts = reader.counts();
  const lsmod = refcountOf('testmod');
  const path = await reader.stop();
  const { lost } = counts;
  const kept = counts.read + counts.waiting - before.read - before.waiting;
  const cells = [
    ...[reader.name, `${bufferKiB} KiB`, count(kept + lost), count((kept + lost) / seconds), count(kept)],
    ...[lost === 0 ? 'none' : `${count(lost)} (${percent(lost)})`, `${readerCpu} ms`, told(memory, 'reader')],
    ...(reader.name === 'ModShark' ? [`${Math.round((user + system) / 1000)} ms`, told(memory, 'host')] : ['–', '–']),
  ];
  if (!existsSync(tablePath)) writeFileSync(tablePath, `${row(headings)}${row(headings.map(() => '---'))}`);
  writeFileSync(tablePath, row(cells), { flag: 'a' });
  for (const [index, cell] of cells.entries()) if (index > 1) tell(headings[index]!, cell);
  return { holder, kept, lost, memory, pids, lsmod, path };
}

async function letGo({ holder }: { holder: { kill(): Promise<void> } }): Promise<void> {
  await holder.kill();
  rmSync('/tmp/storm', { recursive: true });
  must('/sbin/rmmod', 'testmod');
}

/**
 * What ModShark reads in a recording: how many events of the module are of these tasks (their start may count on
 * binfmt_misc), and its answer at the end.
 */
function readAll(text: Uint8Array, pids: readonly number[]) {
  const reader = createTraceReader();
  for (let at = 0; at < text.length; at += 1 << 20) reader.push(text.subarray(at, at + (1 << 20)));
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.why);
  const { table, completeness } = outcome.recording;
  const isOne = table.tasks.map(({ pid }) => pids.includes(pid));
  const module = table.modules.indexOf('testmod');
  const ofTasks = table.task.reduce((sum, task, at) => sum + (isOne[task] && table.module[at] === module ? 1 : 0), 0);
  const answerOf = (read: EventTable): Accounting =>
    accountFor(analyse(read), 'testmod', table.time[table.length - 1]!);
  return { ofTasks, answer: answerOf(table), uncounted: answerOf({ ...table, countedRows: 0 }), completeness };
}

/** A storm through helper, session and spool file; what is judged with and without losses, and the answer. */
async function throughModShark(bufferKiB: number, standsStill = false) {
  const played = await play(stormReaders.startModShark, bufferKiB, standsStill);
  const { holder, lost, memory, pids, lsmod, path } = played;
  const { ofTasks, answer, uncounted, completeness } = readAll(readFileSync(path!), pids);
  check('every event that was made is in the file, or counted as lost by the kernel', ofTasks + lost, made);
  const proven = lost === 0 ? 'Nothing was lost: ' : 'Nothing else was lost: ';
  check('the kernel’s own count proves it', completeness?.startsWith(proven) ?? completeness, true);
  if (lost === 0) {
    check('then no race of CPUs costs a holder', answer.unexplained, 0);
    tell('without that count', uncounted.arithmetic);
  }
  const [start, , end] = memory.map((one) => one.reader);
  check('the memory of the helper is flat', end! - start! <= 64, true);
  check('the answer is what lsmod says', answer.lsmod, lsmod);
  check('every reference is explained or said to be unexplained', answer.explained! + answer.unexplained!, lsmod);
  const surely = answer.holders.filter(({ confidence }) => confidence !== 'low');
  const wrong = surely.filter(({ pid }) => pid !== holder.pid);
  check(
    'nobody is named who does not hold it',
    wrong.map(({ name, confidence }) => `${name} (${confidence})`),
    [],
  );
  tell('the answer', `${answer.arithmetic}${answer.cautions.map((caution) => ` · ${caution}`).join('')}`);
  await letGo(played);
  return { lost, answer, surely };
}

const usual = chooseBufferSize(measureBufferRoom(lookAtThisSystem()));

/** More events than anybody makes by accident. */
export const storms = {
  'storm: 208,000 module events through ModShark': async () => {
    await throughModShark(usual);
  },

  'storm: the same with a helper that stands still for a while': async () => {
    const { lost, answer, surely } = await throughModShark(64, true);
    check('events are lost', lost > 0, true);
    check(
      'and the answer says so',
      answer.cautions.some((caution) => caution.startsWith('Events were lost')),
      true,
    );
    const firm = surely.filter(({ confidence }) => confidence !== 'medium');
    check('what was held before is held probably, not surely', firm.length, 0);
  },

  'storm: the same for cat trace_pipe': async () => {
    await letGo(await play(stormReaders.startCat, usual));
  },

  'storm: the same for trace-cmd record': async () => {
    await letGo(await play(stormReaders.startTraceCmd, usual));
  },

  'from event to reader': async () => {
    modprobe('testmod');
    const capture = await startCapture();
    const reader = await startPuppet('reader');
    const idleBefore = cpuMs(capture.pump);
    const began = performance.now();
    const delays: number[] = [];
    const clockBefore = process.hrtime.bigint();
    for (let times = 1; times <= 40; times++) {
      const acted = performance.now();
      await reader.do('open-close /dev/testmod 1');
      const wanted = () => capture.text().split(': module_put: testmod ').length - 1 >= times;
      await capture.until('the event arrives', wanted);
      delays.push(performance.now() - acted);
    }
    const clockAfter = process.hrtime.bigint();
    const stamps = [...capture.text().matchAll(/ (\d+)\.(\d{6}): module_put: testmod /g)];
    const microseconds = stamps.slice(-40).map(([, whole, part]) => BigInt(`${whole}${part}`));
    const within = (stamp: bigint) => stamp * 1000n > clockBefore - 1000n && stamp * 1000n < clockAfter;
    check('the trace clock is that of programs (CLOCK_MONOTONIC)', microseconds.every(within), true);
    delays.sort((a, b) => a - b);
    const used = cpuMs(capture.pump) - idleBefore;
    tell('delay', `median ${Math.round(delays[20]!)} ms, worst ${Math.round(delays[39]!)} ms (limit 250 ms)`);
    tell('CPU of the pump meanwhile', `${used} ms in ${Math.round(performance.now() - began)} ms`);
    check('every one within 250 ms', delays[39]! < 250, true);
    await reader.kill();
    await capture.stop();
    must('/sbin/rmmod', 'testmod');
  },
};
