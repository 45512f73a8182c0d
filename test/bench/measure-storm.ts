import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { noteProcesses } from '../../electron/host/capture/note-processes.ts';
import { createSpool } from '../../electron/host/capture/spool.ts';
import { createFrameDecoder } from '../../shared/capture-protocol/create-frame-decoder.ts';

export type StormReader = 'pump' | 'cat' | 'trace-cmd';

/** A process's resident memory half a second after the storm began, in its middle, and at its end. */
export interface Memory {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

export interface StormResult {
  readonly reader: StormReader;
  /** Events a second that were to be made; 0 for as many as one process can. */
  readonly rate: number;
  readonly seconds: number;
  /** By the kernel's counters. */
  readonly kept: number;
  readonly lost: number;
  /** What came out, headers of frames left out. */
  readonly bytes: number;
  /** Of the process that reads the trace, its children included. */
  readonly readerCpuMs: number;
  readonly readerMiB: Memory;
  /** Of this process, which does with the text what recording does: takes the frames apart, notes who the processes are, writes a file. */
  readonly hostCpuMs: number;
  readonly hostMiB: Memory;
}

export interface StormOptions {
  /** `test/helper/c/storm-pump.c`, compiled. */
  readonly program: string;
  readonly reader: StormReader;
  readonly rate: number;
  readonly seconds: number;
  /** Of each CPU. */
  readonly bufferKiB: number;
  /** Where the text goes meanwhile. */
  readonly folder: string;
}

/**
 * Lets a storm of events loose in an instance of tracefs of its own, and has one reader keep up with it. Undefined where
 * the reader does not run here, as trace-cmd where /proc/sys/kernel/ftrace_enabled may not be written.
 */
export async function measureStorm(options: StormOptions): Promise<StormResult | undefined> {
  const { program, reader, rate, seconds, bufferKiB, folder } = options;
  const path = `${folder}/storm.txt`;
  const spool = createSpool(path, await open(path, 'w'));
  const decoder = createFrameDecoder();
  const processes = noteProcesses();
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), 250);
  const before = process.cpuUsage();
  const child = spawn(program, [reader, String(rate), String(seconds), String(bufferKiB)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString('latin1');
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      if (reader !== 'pump') await spool.append([chunk]);
      else {
        const pieces = decoder.push(chunk).flatMap((frame) => (frame.kind === 'trace' ? [frame.bytes] : []));
        if (pieces.length === 0) continue;
        const notes = processes.see(pieces);
        await spool.append(pieces);
        await spool.note(notes);
      }
    }
    const status = await closed;
    const { user, system } = process.cpuUsage(before);
    if (status === 3) return undefined;
    if (status !== 0 || decoder.failed !== undefined) throw new Error(decoder.failed?.why ?? told);
    const facts = JSON.parse(told) as {
      read: number;
      lost: number;
      cpuMs: number;
      residentKiB: [number, number, number];
      fileBytes: number;
    };
    const [start, middle, end] = facts.residentKiB.map((kib) => kib / 1024) as [number, number, number];
    return {
      reader,
      rate,
      seconds,
      kept: facts.read,
      lost: facts.lost,
      bytes: reader === 'trace-cmd' ? facts.fileBytes : spool.bytes,
      readerCpuMs: facts.cpuMs,
      readerMiB: { start, middle, end },
      hostCpuMs: (user + system) / 1000,
      hostMiB: {
        start: memory[2] ?? 0,
        middle: memory[Math.floor(memory.length / 2)] ?? 0,
        end: memory.at(-1) ?? 0,
      },
    };
  } finally {
    clearInterval(sampling);
    await spool.close();
    await rm(path, { force: true });
  }
}
