import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const polkitd = ['/usr/lib/polkit-1/polkitd', '/usr/libexec/polkit-1/polkitd', '/usr/libexec/polkitd'];

/** Where the distribution keeps the daemon. */
export function findPolkitd() {
  return polkitd.find((path) => existsSync(path));
}

/** Debian's and Ubuntu's python, which has gi; another one in front of it in PATH may not. */
export const python = '/usr/bin/python3';

const needs = [
  { there: () => findPolkitd() !== undefined, packages: ['polkitd'] },
  { there: () => existsSync('/usr/bin/pkexec') && existsSync('/usr/bin/pkttyagent'), packages: ['pkexec', 'polkitd'] },
  { there: () => existsSync('/usr/bin/dbus-daemon'), packages: ['dbus'] },
  { there: () => spawnSync(python, ['-c', 'import gi']).status === 0, packages: ['python3-gi'] },
];

/** Installs what is missing; a sentence where that is not possible. */
export function installPrerequisites() {
  if (process.getuid() !== 0) return 'test:polkit needs root: it makes a user and asks polkit. Run it with sudo.';
  const packages = [...new Set(needs.filter(({ there }) => !there()).flatMap((need) => need.packages))];
  if (packages.length === 0) return undefined;
  console.log(`installing ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => {
    return spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, stdio: 'ignore' });
  };
  if (install().status !== 0) {
    spawnSync('apt-get', ['update'], { stdio: 'ignore' });
    install();
  }
  if (needs.every(({ there }) => there())) return undefined;
  return `test:polkit needs ${packages.join(', ')}, which could not be installed.`;
}
