import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { startCapture } from '../capture.ts';
import { modprobe, must, readTrace, tracefs, writeTrace } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';

const cycles = 60_000; // of each of two processes: a get and a put each
const usualBufferKiB = 1408;

/** CPU time of a process in milliseconds. Source: proc(5), fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function storm(): Promise<number> {
  const puppets = [await startPuppet('make'), await startPuppet('ninja')];
  const began = performance.now();
  await Promise.all(puppets.map((puppet) => puppet.do(`open-close /dev/testmod ${cycles}`)));
  const seconds = (performance.now() - began) / 1000;
  for (const puppet of puppets) await puppet.kill();
  return seconds;
}

function statsOf(instance: string, label: string): number {
  const sum = (total: number, cpu: string) => {
    const text = readTrace(`instances/${instance}/per_cpu/${cpu}/stats`);
    return total + Number(new RegExp(`^${label}: (\\d+)`, 'm').exec(text)![1]);
  };
  return ['cpu0', 'cpu1'].reduce(sum, 0);
}

const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`;

async function stormThroughHelper(bufferKiB: number): Promise<number> {
  modprobe('testmod');
  const capture = await startCapture({ bufferKiB });
  const pumpBefore = cpuMs(capture.pump);
  const nodeBefore = process.cpuUsage();
  const seconds = await storm();
  const made = cycles * 4;
  await capture.until('all is read', () => capture.tally()!.read + capture.tally()!.lost >= made);
  const pump = cpuMs(capture.pump) - pumpBefore;
  const janitor = cpuMs(capture.process.pid!);
  const memory = /^VmHWM:\s*(.*)$/m.exec(readFileSync(`/proc/${capture.pump}/status`, 'latin1'))![1];
  const node = process.cpuUsage(nodeBefore);
  await capture.stop();
  const tally = capture.tally()!;
  const lines = [...capture.text().matchAll(/: module_(?:get|put): testmod /g)].length;
  check('every event is either read or counted as lost', tally.read + tally.lost, made + otherEvents(capture.text()));
  tell(
    'rate',
    `${Math.round(made / seconds)} events/s for ${seconds.toFixed(1)} s (both CPUs emulated on one of the host’s)`,
  );
  tell('kept, lost', `${lines} (${percent(lines, made)}), ${tally.lost}`);
  tell('CPU of pump, janitor, reader', `${pump} ms, ${janitor} ms, ${Math.round((node.user + node.system) / 1000)} ms`);
  tell('memory of the pump at most', memory!);
  must('/sbin/rmmod', 'testmod');
  return tally.lost;
}

/** More events than anybody makes by accident. */
export const storms = {
  'storm: 240,000 events through the helper': async () => {
    await stormThroughHelper(usualBufferKiB);
  },

  'storm: the same with 16 MiB for each CPU': async () => {
    check('nothing is lost', await stormThroughHelper(16 * 1024), 0);
  },

  'storm: the same for cat trace_pipe': async () => {
    modprobe('testmod');
    mkdirSync(`${tracefs}/instances/cat`);
    writeTrace('instances/cat/buffer_size_kb', String(usualBufferKiB));
    writeTrace('instances/cat/trace_clock', 'mono');
    writeTrace('instances/cat/options/record-tgid', '1');
    writeTrace('instances/cat/events/module/enable', '1');
    const cat = spawn('/bin/cat', [`${tracefs}/instances/cat/trace_pipe`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let lines = 0;
    cat.stdout.on('data', (chunk: Buffer) => {
      lines += chunk.toString('latin1').split(': module_').length - 1;
    });
    const seconds = await storm();
    const made = cycles * 4;
    const done = () =>
      statsOf('cat', 'read events') + statsOf('cat', 'overrun') >= made && statsOf('cat', 'entries') === 0;
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 100));
    const cpu = cpuMs(cat.pid!);
    const lost = statsOf('cat', 'overrun');
    cat.kill();
    await new Promise((resolve) => cat.on('close', resolve));
    rmdirSync(`${tracefs}/instances/cat`);
    must('/sbin/rmmod', 'testmod');
    tell('rate', `${Math.round(made / seconds)} events/s for ${seconds.toFixed(1)} s`);
    tell('kept, lost', `about ${lines} (${percent(lines, made)}), ${lost}`);
    tell('CPU of cat', `${cpu} ms`);
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

/** Events of the puppets' own start. */
function otherEvents(text: string): number {
  return [...text.matchAll(/: module_\w+: (?!testmod )/g)].length;
}
