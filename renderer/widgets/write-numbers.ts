import type { Clock } from '../../shared/event-table/clock.ts';
import type { RecordingTime } from '../../shared/units.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `150,018` */
export function writeCount(count: number): string {
  return whole.format(count);
}

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** Where room is scarce: `9,999`, `150K`, `2.7M` */
export function writeShortCount(count: number): string {
  return count < 10_000 ? writeCount(count) : short.format(count);
}

/** `1 event`, `150,018 events` */
export function writeCounted(count: number, one: string, many = `${one}s`): string {
  return `${writeCount(count)} ${count === 1 ? one : many}`;
}

/** `3 B`, `1.9 KiB`, `16.4 MiB` */
export function writeBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  if (kib < 1024) return `${kib.toFixed(kib < 10 ? 1 : 0)} KiB`;
  const mib = kib / 1024;
  return mib < 1024 ? `${mib.toFixed(mib < 100 ? 1 : 0)} MiB` : `${(mib / 1024).toFixed(2)} GiB`;
}

/** A length of time in the unit a person would choose: `873 ns`, `12.4 µs`, `3.02 ms`, `1.25 s`, `4 min 05 s`. */
export function writeDuration(clock: Clock, duration: RecordingTime): string {
  if (!Number.isFinite(duration)) return '';
  if (clock.unit === 'ticks') return `${writeCount(duration)} ticks`;
  const size = Math.abs(duration);
  if (size < 1_000) return `${Math.round(duration)} ns`;
  if (size < 1_000_000) return `${threeDigits(duration / 1_000)} µs`;
  if (size < 1_000_000_000) return `${threeDigits(duration / 1_000_000)} ms`;
  if (size < 120_000_000_000) return `${threeDigits(duration / 1_000_000_000)} s`;
  const seconds = Math.round(duration / 1_000_000_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}
