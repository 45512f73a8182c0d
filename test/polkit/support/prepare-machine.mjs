import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, installHelper, removeHelper } from '../../../build/install-helper.mjs';
import { findPolkitd } from './install-prerequisites.mjs';

const user = 'modshark-test';
const password = 'Right-12345';
const rules = '/etc/polkit-1/rules.d/01-modshark-test.rules';
const root = new URL('../../..', import.meta.url).pathname;
const quiet = () => undefined;

/**
 * Makes a user, a bus, a polkit with the policy and a rule that a file steers, and a copy of the command where the user
 * can read it. `facts` is what the tests need; `restore` takes everything away.
 */
export async function prepareMachine(output) {
  if (existsSync(installed))
    throw new Error(`${installed} is there already: test on a machine without an installation.`);
  const undo = [];
  const restore = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    return { facts: await prepare(output, undo), restore };
  } catch (error) {
    restore();
    throw error;
  }
}

async function prepare(output, undo) {
  const folder = mkdtempSync(join(tmpdir(), 'modshark-polkit-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const { uid, gid } = makeUser(undo);
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, uid, gid);

  // The user may not be able to look into the checkout, nor run this very node.
  mkdirSync(join(folder, 'app/out/electron'), { recursive: true });
  copyFileSync(join(output, 'real/cli.mjs'), join(folder, 'app/out/electron/cli.mjs'));
  copyFileSync(join(output, 'any-kernel/cli.mjs'), join(folder, 'app/out/electron/record-on-any-kernel.mjs'));
  copyFileSync(join(output, 'window/cli.mjs'), join(folder, 'app/out/electron/serve-on-any-kernel.mjs'));
  copyFileSync(join(root, 'package.json'), join(folder, 'app/package.json'));
  copyFileSync(process.execPath, join(folder, 'node'));
  copyFileSync(join(output, 'fake-helper'), join(folder, 'fake-helper'));
  for (const script of ['dismiss.py', 'type-in-terminal.py']) {
    copyFileSync(join(root, 'test/polkit/support', script), join(folder, script));
  }
  for (const program of ['node', 'fake-helper']) chmodSync(join(folder, program), 0o755);

  undo.push(() => removeHelper(quiet));
  installHelper(quiet);
  copyFileSync(installed, join(folder, 'real-helper'));

  const mode = join(folder, 'mode');
  writeFileSync(mode, 'yes');
  undo.push(() => rmSync(rules, { force: true }));
  mkdirSync('/etc/polkit-1/rules.d', { recursive: true });
  writeFileSync(rules, ruleText(mode));
  chmodSync(rules, 0o644);

  startBus(undo);
  startPolkit(undo);
  await untilPolkitKnowsUs(uid, gid);
  return { folder, home, mode, user, password, uid, gid, installed };
}

function makeUser(undo) {
  spawnSync('userdel', [user], { stdio: 'ignore' });
  execFileSync('useradd', ['--no-create-home', '--shell', '/bin/sh', user]);
  undo.push(() => spawnSync('userdel', [user], { stdio: 'ignore' }));
  execFileSync('chpasswd', { input: `${user}:${password}\n` });
  const id = (flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The test's user is asked for the own password, and a file says what the rule answers: nothing has to be reloaded. */
function ruleText(mode) {
  return `polkit.addAdminRule(function (action, subject) {
  if (action.id == 'org.modshark.capture') return ['unix-user:${user}'];
});
polkit.addRule(function (action, subject) {
  if (action.id != 'org.modshark.capture' || subject.user != '${user}') return;
  var mode = polkit.spawn(['/bin/cat', '${mode}']);
  if (mode == 'yes') return polkit.Result.YES;
  if (mode == 'no') return polkit.Result.NO;
});
`;
}

function startBus(undo) {
  if (existsSync('/run/dbus/system_bus_socket') && busAnswers()) return;
  mkdirSync('/run/dbus', { recursive: true });
  rmSync('/run/dbus/pid', { force: true });
  const pid = Number(execFileSync('dbus-daemon', ['--system', '--fork', '--print-pid=1'], { encoding: 'utf8' }));
  undo.push(() => {
    process.kill(pid, 'SIGTERM');
    for (const left of ['/run/dbus/pid', '/run/dbus/system_bus_socket']) rmSync(left, { force: true });
  });
}

function busAnswers() {
  const call = ['--system', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames'];
  return spawnSync('dbus-send', call, { stdio: 'ignore' }).status === 0;
}

function startPolkit(undo) {
  const running = execFileSync('ps', ['-eo', 'comm='], { encoding: 'utf8' }).split('\n').includes('polkitd');
  if (running) return;
  const child = spawn(findPolkitd(), ['--no-debug'], { stdio: 'ignore' });
  undo.push(() => child.kill('SIGTERM'));
}

/** Until the policy and the rule are loaded: the user is allowed because the file says so. */
async function untilPolkitKnowsUs(uid, gid) {
  const until = Date.now() + 30_000;
  let said = '';
  while (Date.now() < until) {
    const script = 'exec pkcheck --action-id org.modshark.capture --process $$';
    const result = spawnSync('/bin/sh', ['-c', script], { uid, gid, cwd: '/', encoding: 'utf8' });
    if (result.status === 0) return;
    said = result.stderr;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`polkit does not come to know the policy and the rule: ${said}`);
}
