import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPolkitd } from '../polkit/support/install-prerequisites.mjs';

const policy = fileURLToPath(new URL('../../build/org.modshark.capture.policy', import.meta.url));
const systemBus = ['/usr/share/dbus-1/system.conf', '/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf'];
const pam = '/lib/x86_64-linux-gnu/security/pam_permit.so';

/** The people of the guest; the scenarios know the ordinary one by its number. */
const people = ['root:x:0', 'messagebus:x:100', 'polkitd:x:101', 'dev:x:1000', 'nobody:x:65534'];

const files = {
  'etc/passwd': people.map((one) => `${one}:${one.split(':')[2]}::/:/bin/sh`),
  'etc/group': people,
  'etc/shells': ['/bin/sh'],
  'etc/machine-id': ['0123456789abcdef0123456789abcdef'],
  'etc/pam.d/polkit-1': ['auth', 'account', 'password', 'session'].map((kind) => `${kind} required pam_permit.so`),
  'etc/polkit-1/rules.d/01-test.rules': [
    'polkit.addRule(function (action, subject) {',
    "  if (action.id == 'org.modshark.capture' && subject.user == 'dev') return polkit.Result.YES;",
    '});',
  ],
};

/**
 * Puts a system bus, polkit and pkexec into the guest, with our policy and a rule that lets its ordinary user record.
 *
 * @param {(root: string, program: string, path: string) => void} addProgram
 */
export function addPolkit(root, addProgram) {
  const put = (path, write) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    write(join(root, path));
  };
  for (const [path, lines] of Object.entries(files)) put(path, (to) => writeFileSync(to, `${lines.join('\n')}\n`));
  for (const path of [...systemBus, pam]) put(path, (to) => copyFileSync(path, to));
  put('usr/share/polkit-1/actions/org.modshark.capture.policy', (to) => copyFileSync(policy, to));
  put('var/run', (to) => symlinkSync('/run', to)); // where GLib looks for the bus
  for (const program of ['/usr/bin/dbus-daemon', '/usr/bin/pkexec', findPolkitd(), pam]) {
    put(program, () => addProgram(root, program, program));
  }
}
