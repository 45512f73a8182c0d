import { type CaptureEvent, captureEvents } from './capture-request.ts';
import {
  type Bye,
  byeReasons,
  type CpuCounts,
  type Hello,
  type HelperFrame,
  type SnapshotEnd,
  snapshotResults,
} from './helper-frame.ts';

/** Part of a text that takes several frames. */
export interface FramePart {
  readonly kind: 'part';
  /** What it belongs to: parts of one text have the same. */
  readonly key: string;
  readonly last: boolean;
  readonly bytes: Uint8Array;
  /** The whole frame, once the text is complete. */
  readonly complete: (text: string) => HelperFrame;
}

/**
 * Reads the body of one frame.
 *
 * Errors: undefined where it is none that the helper sends.
 *
 * Source: electron/helper/PROTOCOL.md.
 */
export function decodeFrame(type: string, body: Uint8Array): HelperFrame | FramePart | undefined {
  switch (type) {
    case 'T':
      return { kind: 'trace', bytes: body };
    case 'H':
      return decodeHello(readFields(body));
    case 'L':
      return decodeCounts(readLatin1(body));
    case 'M':
      return decodeModules(body);
    case 'F':
      return decodeFact(body);
    case 'N':
      return decodeSnapshotEnd(readFields(body));
    case 'C':
      return body.length === 0 ? { kind: 'cleared' } : undefined;
    case 'E':
      return decodeRefusal(readLatin1(body));
    case 'B':
      return decodeBye(readFields(body));
    default:
      return undefined;
  }
}

/** Every byte as one character: nothing the helper sends is lost, and nothing can fail. */
export function readLatin1(bytes: Uint8Array): string {
  // No frame is longer than what may be given as arguments.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** `key=value` lines; the first of two with the same key stands. */
function readFields(body: Uint8Array): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of readLatin1(body).split('\n')) {
    const at = line.indexOf('=');
    if (at > 0 && !fields.has(line.slice(0, at))) fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}

function decodeHello(fields: ReadonlyMap<string, string>): Hello | undefined {
  const text = (key: string) => fields.get(key) ?? '';
  const numbers = ['version', 'record_tgid', 'cpus', 'swept', 'monotonic_ns', 'boottime_ns', 'realtime_ns'];
  if (numbers.some((key) => !/^\d{1,19}$/.test(text(key)))) return undefined;
  const events = text('events').split(',');
  if (!events.every((event): event is CaptureEvent => (captureEvents as readonly string[]).includes(event))) {
    return undefined;
  }
  return {
    kind: 'hello',
    version: Number(text('version')),
    kernel: text('kernel'),
    tracefs: text('tracefs'),
    instance: text('instance'),
    events,
    clock: text('clock'),
    recordTgid: text('record_tgid') === '1',
    bufferKiB: text('buffer_kib'),
    cpus: Number(text('cpus')),
    swept: Number(text('swept')),
    monotonic: BigInt(text('monotonic_ns')),
    boottime: BigInt(text('boottime_ns')),
    realtime: BigInt(text('realtime_ns')),
  };
}

function decodeCounts(text: string): HelperFrame | undefined {
  const [on, ...lines] = text.split('\n');
  if (on !== 'tracing_on=0' && on !== 'tracing_on=1') return undefined;
  if (lines.pop() !== '') return undefined;
  const cpus: CpuCounts[] = [];
  for (const line of lines) {
    if (!/^\d{1,5}( \d{1,20}){5}$/.test(line)) return undefined;
    const [cpu, entries, overrun, commitOverrun, dropped, read] = line.split(' ').map(Number);
    cpus.push({
      cpu: cpu!,
      entries: entries!,
      overrun: overrun!,
      commitOverrun: commitOverrun!,
      dropped: dropped!,
      read: read!,
    });
  }
  return { kind: 'counts', tracingOn: on === 'tracing_on=1', cpus };
}

function decodeModules(body: Uint8Array): FramePart | undefined {
  const [last, when] = body;
  if (body.length < 2 || last! > 1 || when! > 1) return undefined;
  return {
    kind: 'part',
    key: `modules ${when}`,
    last: last === 1,
    bytes: body.subarray(2),
    complete: (text) => ({ kind: 'modules', when: when === 0 ? 'start' : 'end', text }),
  };
}

function decodeFact(body: Uint8Array): FramePart | undefined {
  const [last, error] = body;
  const end = body.indexOf(0, 2);
  if (body.length < 4 || last! > 1 || end < 3) return undefined;
  const name = readLatin1(body.subarray(2, end));
  return {
    kind: 'part',
    key: `fact ${name}`,
    last: last === 1,
    bytes: body.subarray(end + 1),
    complete: (text) => ({ kind: 'fact', name, error: error!, text }),
  };
}

function decodeSnapshotEnd(fields: ReadonlyMap<string, string>): SnapshotEnd | undefined {
  const text = (key: string) => fields.get(key) ?? '';
  const result = snapshotResults.find((known) => known === text('result'));
  const numbers = ['version', 'root', 'began_ns', 'ended_ns'];
  if (result === undefined || numbers.some((key) => !/^\d{1,19}$/.test(text(key)))) return undefined;
  return {
    kind: 'snapshot-end',
    version: Number(text('version')),
    result,
    kernel: text('kernel'),
    asRoot: text('root') === '1',
    began: BigInt(text('began_ns')),
    ended: BigInt(text('ended_ns')),
  };
}

function decodeRefusal(text: string): HelperFrame | undefined {
  const match = /^([a-z-]{1,40})\n([^\n]*)$/.exec(text);
  return match === null ? undefined : { kind: 'refusal', code: match[1]!, sentence: match[2]! };
}

function decodeBye(fields: ReadonlyMap<string, string>): Bye | undefined {
  const reason = byeReasons.find((known) => known === fields.get('reason'));
  const instance = (['removed', 'left', 'none'] as const).find((known) => known === fields.get('instance'));
  return reason === undefined || instance === undefined ? undefined : { kind: 'bye', reason, instance };
}
