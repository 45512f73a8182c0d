import { cpus, loadavg, release } from 'node:os';
import { isInstalled } from './is-installed.ts';
import { measureStorm, type StormReader, type StormResult } from './measure-storm.ts';

const BUFFER_KIB = 4096;
const SECONDS = 5;
/** Events a second; 0 for as many as can be made. */
const RATES = [10_000, 100_000, 400_000, 0];

/** Measures every reader at every rate, one after the other, and prints a table of it; or of all as JSON. */
export async function runStorm(program: string, folder: string, json: boolean): Promise<void> {
  const load = loadavg()[0]!;
  const readers: StormReader[] = ['pump', 'cat', ...(isInstalled('trace-cmd') ? ['trace-cmd' as const] : [])];
  const results: StormResult[] = [];
  const unfit = new Set<StormReader>();
  for (const rate of RATES)
    for (const reader of readers.filter((one) => !unfit.has(one))) {
      const result = await measureStorm({ program, reader, rate, seconds: SECONDS, bufferKiB: BUFFER_KIB, folder });
      if (result === undefined) unfit.add(reader);
      else results.push(result);
    }
  const machine = `Machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load ${load.toFixed(1)} at the start, Linux ${release()}; ${BUFFER_KIB} KiB of buffer for each CPU, ${SECONDS} s each.${unfit.size === 0 ? '' : ` Does not run here: ${[...unfit].map((one) => names[one]).join(', ')}.`}`;
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
    'its memory',
    'CPU of the host',
    'its memory, at 1 s / most',
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
        `${(one.readerKiB / 1024).toFixed(1)} MiB`,
        // trace-cmd writes its file by itself.
        one.reader === 'trace-cmd' ? '–' : share(one.hostCpuMs, one.seconds),
        one.reader === 'trace-cmd' ? '–' : `${Math.round(one.hostMiB.early)} / ${Math.round(one.hostMiB.most)} MiB`,
      ].join(' | ')} |`;
    }),
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Of one core, while the events were made. */
function share(cpuMs: number, seconds: number): string {
  return `${Math.round(cpuMs / seconds / 10)} %`;
}
