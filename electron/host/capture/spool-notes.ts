import type { CaptureProgress } from '../../../shared/capture-protocol/capture-progress.ts';
import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import type { Bye, CpuCounts, Hello, LoadedModules } from '../../../shared/capture-protocol/helper-frame.ts';
import { readBootId } from '../read-boot-id.ts';

/** How a recording went, as its last lines tell it. */
export interface RecordingEnd {
  readonly ended: string;
  readonly bye: Bye | undefined;
  /** Seconds. */
  readonly slept: number;
  /** Processes that nobody looked up. */
  readonly passedOver: number;
  readonly wasOff: boolean;
}

/** The first lines of a recording, for people, grep and whoever asks later how it was made. */
export function headLines(hello: Hello, request: CaptureRequest, now: Date): string[] {
  return [
    'modshark recording 1',
    `recorded: ${now.toISOString()}`,
    `kernel: ${hello.kernel}`,
    `clock: ${hello.clock}`,
    `boot: ${readBootId() || 'unknown'}`,
    `clocks: monotonic_ns=${hello.monotonic} boottime_ns=${hello.boottime} realtime_ns=${hello.realtime}`,
    `events: ${hello.events.join(' ')}`,
    `gets and puts of: ${describeModules(request.modules)}`,
    `stack traces: ${request.stackTraces ? 'yes' : 'no'}`,
    `buffer: ${hello.bufferKiB} KiB for each of ${hello.cpus} CPUs`,
    `tracefs: ${hello.tracefs}/instances/${hello.instance}`,
    `record-tgid: ${hello.recordTgid ? 'yes' : 'no'}`,
  ];
}

/**
 * What was loaded, without where it lies in memory: the helper sees addresses that not everybody may see.
 *
 * Source: m_show in kernel/module/procfs.c: name, size, refcount, used by, state, address, taints.
 */
export function moduleLines({ when, text }: LoadedModules): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `module at ${when}: ${line.replace(/ 0x[0-9a-f]+/, '')}`);
}

/**
 * What the kernel has counted up to this line. `trace-text/check-kernel-count.ts` compares it with what stands before it; where the
 * instance was switched off meanwhile, such a count would prove nothing.
 */
export function countLine({ events, lost, erasures }: CaptureProgress, wasOff: boolean): string {
  const off = wasOff ? ', switched off meanwhile' : '';
  return `counted by the kernel: read ${events}, lost ${lost}, buffer erased ${erasures} times${off}`;
}

/** The last lines: how it ended and what the kernel counted. */
export function tailLines(
  progress: CaptureProgress,
  counts: Iterable<CpuCounts>,
  { ended, bye, slept, passedOver, wasOff }: RecordingEnd,
): string[] {
  const instance = bye === undefined ? [] : [`instance: ${bye.instance}`];
  return [
    `ended: ${ended}`,
    `duration: ${(progress.milliseconds / 1000).toFixed(3)} s`,
    ...(slept > 1 ? [`asleep meanwhile: ${slept.toFixed(1)} s`] : []),
    ...instance,
    ...(passedOver > 0 ? [`processes that nobody looked up: ${passedOver}`] : []),
    countLine(progress, wasOff),
    ...[...counts].map(
      ({ cpu, overrun, commitOverrun, dropped, read }) =>
        `counted on CPU ${cpu}: read ${read}, overrun ${overrun}, commit overrun ${commitOverrun}, dropped ${dropped}`,
    ),
  ];
}

/** Stands where the recording went on after a suspend. */
export function sleepLine(seconds: number): string {
  return `the machine slept for ${seconds.toFixed(1)} s until here`;
}

function describeModules({ which, names }: CaptureRequest['modules']): string {
  if (names.length === 0) return 'all modules';
  return `${which === 'only' ? '' : 'all modules but '}${names.join(' ')}`;
}
