import type { HoldHolder } from '../analysis/hold-table.ts';

/** A holder in a few letters: `systemd-logind-545`, `vkms`, `ext4 mount`, `nftables rule of nft`. */
export function labelHolder({ kind, name, pid, noun, madeBy }: HoldHolder): string {
  const comm = name === '' ? '(empty)' : name;
  const task = pid < 0 ? comm : `${comm}-${pid}`;
  if (kind === 'loader') return `${task} (loading)`;
  if (kind === 'mount') return `${name} ${noun}`;
  return madeBy ? `${noun} of ${task}` : task;
}
