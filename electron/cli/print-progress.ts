import type { CaptureProgress } from '../../shared/capture-protocol/capture-progress.ts';
import type { CaptureSession } from '../host/capture/capture-session.ts';

const everyMs = 500;

/** Keeps one line of a terminal up to date; the result ends that and clears the line. */
export function showProgress(session: CaptureSession, terminal: { write(text: string): unknown }): () => void {
  const draw = () => {
    const { progress } = session;
    const word = progress.state === 'stopping' ? 'stopping' : `${count(progress.rate)}/s`;
    terminal.write(`\r\x1b[K● ${summarise(progress)}, ${word}`);
  };
  draw();
  const timer = setInterval(draw, everyMs);
  return () => {
    clearInterval(timer);
    terminal.write('\r\x1b[K');
  };
}

/** A capture in a few words: `12,408 events, 0 lost, 0:12, 1.2 MB`. */
export function summarise({ events, lost, erasures, milliseconds, bytes }: CaptureProgress): string {
  const parts = [
    `${count(events)} ${events === 1 ? 'event' : 'events'}`,
    `${count(lost)} lost`,
    clock(milliseconds),
    size(bytes),
  ];
  if (erasures > 0) parts.splice(2, 0, `buffer erased ${count(erasures)} times`);
  return parts.join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** As clocks show it: `1:02:03`, `2:03`. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
