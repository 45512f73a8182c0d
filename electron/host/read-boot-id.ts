import { readFileSync } from 'node:fs';

/** The kernel's id of this start of the machine; empty where it tells none. Source: random(4). */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}
