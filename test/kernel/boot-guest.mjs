import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plugGraphics } from './plug-graphics.mjs';
import { plugHardware } from './plug-hardware.mjs';

const commandLine = [
  ...['console=ttyS0', 'quiet', 'loglevel=3', 'panic=-1', 'mitigations=off', 'nokaslr', 'apparmor=0', 'audit=0'],
  'tsc=reliable', // else the kernel changes the trace clock of the global instance by itself
];

/**
 * Boots the kernel in QEMU's software emulation, and waits until it is switched off.
 *
 * @param {{ vmlinux: string, initramfs: string, share: string, results: string, append?: string[], seconds: number,
 *   onLine: (line: string) => void }} options
 * @returns {Promise<boolean>} whether it ended by itself
 */
export function bootGuest({ vmlinux, initramfs, share, results, append = [], seconds, onLine }) {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const folder = (path, tag) => ['-virtfs', `local,path=${path},mount_tag=${tag},security_model=none,id=${tag}`];
  const guest = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg,thread=single', '-machine', 'q35', '-cpu', 'max', '-smp', '2', '-m', '1024'],
      ...['-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio'],
      ...['-kernel', vmlinux, '-initrd', initramfs, '-append', [...commandLine, ...append].join(' ')],
      ...folder(share, 'lab'),
      ...folder(results, 'out'),
      ...plugGraphics(),
      ...plugHardware(`${results}-disks`),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const log = createWriteStream(join(results, 'console.log'));
  let rest = '';
  guest.stdout.on('data', (chunk) => {
    log.write(chunk);
    const lines = (rest + chunk.toString('latin1')).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    guest.kill('SIGKILL');
  }, seconds * 1000);
  return new Promise((resolve) => {
    guest.on('close', () => {
      clearTimeout(limit);
      log.end();
      resolve(!late);
    });
  });
}
