import { cpus, loadavg, release } from 'node:os';
import { lookAtThisSystem } from '../../electron/host/capture/host-system.ts';
import { measureBufferRoom } from '../../electron/host/capture/measure-buffer-room.ts';
import { chooseBufferSize } from '../../shared/capture-protocol/choose-buffer-size.ts';
import { isInstalled } from './is-installed.ts';
import { type Memory, measureStorm, type StormReader, type StormResult } from './measure-storm.ts';

export interface StormPlan {
  /** Events a second, one storm for each; 0 for as many as can be made. */
  readonly rates: readonly number[];
  readonly seconds: number;
  /** Of each CPU; what a recording has by itself without it. */
  readonly bufferKiB: number | undefined;
  readonly json: boolean;
}

/** Measures every reader at every rate, one after the other, and prints a table of it; or of all as JSON. */
export async function runStorm(program: string, folder: string, plan: StormPlan): Promise<void> {
  const { rates, seconds, json } = plan;
  const bufferKiB = plan.bufferKiB ?? chooseBufferSize(measureBufferRoom(lookAtThisSystem()));
  const load = loadavg()[0]!;
  const readers: StormReader[] = ['pump', 'cat', ...(isInstalled('trace-cmd') ? ['trace-cmd' as const] : [])];
  const results: StormResult[] = [];
  const unfit = new Set<StormReader>();
  for (const rate of rates)
    for (const reader of readers.filter((one) => !unfit.has(one))) {
      const result = await measureStorm({ program, reader, rate, seconds, bufferKiB, folder });
      if (result === undefined) unfit.add(reader);
      else results.push(result);
    }
  const machine = `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load ${load.toFixed(1)} at the start, Linux ${release()}; ${bufferKiB} KiB of buffer for each CPU, ${seconds} s each.${unfit.size === 0 ? '' : ` Does not run here: ${[...unfit].map((one) => names[one]).join(', ')}.`}`;
  process.stdout.write(
    json ? `${JSON.stringify({ load, results }, undefined, 2)}\n` : `${writeTable(results)}\n\n${machine}\n`,
  );
}

const names: Readonly<Record<StormReader, string>> = {
  pump: 'capture helper',
  cat: '`cat trace_pipe`',
  'trace-cmd': '`trace-cmd record`',
};

function writeTable(results: readonly StormResult[]): string {
  const head = [
    'events a second',
    'reader',
    'kept',
    'lost',
    'written',
    'CPU',
    'its memory at start, middle, end',
    'CPU of the host',
    'its memory at start, middle, end',
  ];
  return [
    `| ${head.join(' | ')} |`,
    `| ---: | --- |${' ---: |'.repeat(head.length - 2)}`,
    ...results.map((one) => {
      const made = one.kept + one.lost;
      return `| ${[
        one.rate === 0 ? `${count(Math.round(made / one.seconds))} (all it can)` : count(one.rate),
        names[one.reader],
        count(one.kept),
        one.lost === 0 ? 'none' : `${count(one.lost)} (${((one.lost / made) * 100).toFixed(1)} %)`,
        `${Math.round(one.bytes / 1e6)} MB`,
        share(one.readerCpuMs, one.seconds),
        memory(one.readerMiB, 1),
        // trace-cmd writes its file by itself.
        one.reader === 'trace-cmd' ? '–' : share(one.hostCpuMs, one.seconds),
        one.reader === 'trace-cmd' ? '–' : memory(one.hostMiB, 0),
      ].join(' | ')} |`;
    }),
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function memory({ start, middle, end }: Memory, digits: number): string {
  return `${[start, middle, end].map((one) => one.toFixed(digits)).join(', ')} MiB`;
}

/** Of one core, while the events were made. */
function share(cpuMs: number, seconds: number): string {
  return `${Math.round(cpuMs / seconds / 10)} %`;
}
