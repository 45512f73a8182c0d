import { captureLimits } from './capture-request.ts';

/** What decides how much memory the kernel's buffer may take. */
export interface BufferRoom {
  readonly memoryKiB: number;
  /** The kernel gives each its own part of the buffer. */
  readonly cpus: number;
}

/** Holds 160,000 events: four tenths of a second in which nobody reads a storm of 400,000 a second. */
const mostKiB = 16 * 1024;
/** Of the machine's memory all parts together take at most this one. */
const share = 1 / 64;

/**
 * The buffer of each CPU that suits a machine, where nobody chose another: a power of two, 16 MiB at most, and of all CPUs
 * together no more than a 64th of the memory, unless the least that can be asked for is more.
 *
 * *Units*: KiB.
 */
export function chooseBufferSize({ memoryKiB, cpus }: BufferRoom): number {
  const room = (memoryKiB * share) / Math.max(1, cpus);
  let size = mostKiB;
  while (size > room && size > captureLimits.bufferKiB.min) size /= 2;
  return size;
}
