import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helperPath } from './build-helper.mjs';

/**
 * `sudo node build/install-helper.mjs [--remove]`: makes a source checkout's helper one that polkit starts. Packages do
 * the same with /usr/libexec. It says every file that it makes or removes, and touches no other.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
export const installed = '/usr/local/libexec/modshark/capture-helper';
export const policy = '/usr/share/polkit-1/actions/org.modshark.capture.policy';
const packaged = '/usr/libexec/modshark/capture-helper';

export function installHelper(say) {
  if (!existsSync(helperPath)) execFileSync(process.execPath, [join(root, 'build/build-helper.mjs')]);
  mkdirSync(dirname(installed), { recursive: true, mode: 0o755 });
  mkdirSync(dirname(policy), { recursive: true, mode: 0o755 });
  refuseForeignFolders();
  const text = readFileSync(join(root, 'build/org.modshark.capture.policy'), 'utf8').replace(packaged, installed);
  place(installed, 0o755, (path) => copyFileSync(helperPath, path));
  say(`made ${installed} (root's, 0755): the program that polkit starts as root`);
  place(policy, 0o644, (path) => writeFileSync(path, text));
  say(`made ${policy} (root's, 0644): who may have it started, after which question`);
}

export function removeHelper(say) {
  for (const path of [policy, installed]) {
    if (!existsSync(path)) continue;
    rmSync(path);
    say(`removed ${path}`);
  }
  try {
    rmdirSync(dirname(installed));
    say(`removed ${dirname(installed)}`);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY'].includes(error.code)) throw error;
  }
}

/** Whole or not at all, and never with the rights of somebody else in between. */
function place(path, mode, write) {
  const part = `${path}.${process.pid}.part`;
  rmSync(part, { force: true });
  write(part);
  chownSync(part, 0, 0);
  chmodSync(part, mode);
  renameSync(part, path);
}

/** What polkit makes root must not lie where others could replace it. */
function refuseForeignFolders() {
  for (let at = dirname(installed); ; at = dirname(at)) {
    const facts = lstatSync(at);
    if (facts.uid !== 0 || facts.isSymbolicLink() || (facts.mode & 0o022) !== 0) {
      throw new Error(`${at} is not root's alone; nothing was installed.`);
    }
    if (at === '/') return;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.getuid() !== 0) {
    console.error('This needs root: sudo node build/install-helper.mjs');
    process.exit(1);
  }
  const say = (line) => console.log(line);
  if (process.argv[2] === '--remove') removeHelper(say);
  else if (process.argv[2] === undefined) installHelper(say);
  else {
    console.error('usage: sudo node build/install-helper.mjs [--remove]');
    process.exit(2);
  }
}
