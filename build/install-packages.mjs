import { spawnSync } from 'node:child_process';

/**
 * Installs packages of Debian or Ubuntu where that needs nobody's password; else does nothing.
 *
 * @param {readonly string[]} packages
 * @returns {string} the command with which a person installs them
 */
export function installPackages(packages) {
  const install = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', ...packages];
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0) {
    console.log(`Installing ${packages.join(', ')} with apt-get.`);
    run([...asRoot, 'apt-get', 'update']);
    run([...asRoot, ...install]);
  }
  return `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
}

function run([command, ...argv]) {
  spawnSync(command, argv, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
