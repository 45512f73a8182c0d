import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Ten digits that tell this machine from others which share a home folder with it; empty where it has no name for itself.
 *
 * *Source*: machine-id(5), which wants the id itself kept from others.
 */
export function readMachineNumber(path = '/etc/machine-id'): string {
  let id = '';
  try {
    id = readFileSync(path, 'latin1').trim();
  } catch {
    // Small systems and containers have none: then pids are all there is to go by.
  }
  if (id === '') return '';
  const digest = createHash('sha256').update(`modshark spool ${id}`).digest();
  return String(digest.readUIntBE(0, 6) % 10_000_000_000).padStart(10, '0');
}
