import { spawnSync } from 'node:child_process';
import { installPackages } from '../../build/install-packages.mjs';

/** Programs the lab is made with, and Debian's packages of them. */
const wanted = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cpio: 'cpio',
  kmod: 'kmod',
  gcc: 'gcc libc6-dev',
  make: 'make',
  xz: 'xz-utils',
  zstd: 'zstd',
  dpkg: 'dpkg',
  pkexec: 'pkexec polkitd',
  'dbus-daemon': 'dbus',
  nft: 'nftables',
  tc: 'iproute2',
  dmsetup: 'dmsetup',
  'trace-cmd': 'trace-cmd',
  ipset: 'ipset',
  'iptables-legacy': 'iptables',
};

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const isStatic = () => spawnSync('ldd', [findProgram('busybox')]).status !== 0;

/** The path of a program. */
export function findProgram(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
}

/** Whether apt knows Debian's kernel: a fresh container has no lists. */
function knowsKernel() {
  const { stdout } = spawnSync('apt-cache', ['show', 'linux-image-amd64'], { encoding: 'utf8' });
  return (stdout ?? '') !== '';
}

function missingPackages() {
  const missing = Object.keys(wanted).filter((program) => !has(program));
  if (!missing.includes('busybox') && !isStatic()) missing.push('busybox');
  return missing.flatMap((program) => wanted[program].split(' '));
}

/**
 * Sees to it that everything is there, installing it with apt-get where that needs nobody's password.
 *
 * @returns {string | undefined} what is missing and the command that installs it; undefined when all is there
 */
export function ensurePrerequisites() {
  if (process.arch !== 'x64') return 'The kernel tests boot an amd64 kernel, and run on amd64 only.';
  let missing = missingPackages();
  if (missing.length === 0 && knowsKernel()) return undefined;
  const command = installPackages(missing);
  missing = missingPackages();
  if (missing.length === 0) return undefined;
  return `The kernel tests need ${missing.join(', ')}: ${command}`;
}
