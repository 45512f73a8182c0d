import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, output } from './fetch-kernel.mjs';
import { findProgram } from './prerequisites.mjs';

/**
 * Programs that release plans name, and Debian's packages of them. Installing these starts services, makes daemons and
 * asks for modules, which a test has no business to do on anybody's machine: the programs are taken out of the packages.
 */
const wanted = {
  mdadm: 'mdadm',
  'nbd-client': 'nbd-client',
  ipvsadm: 'ipvsadm',
  cryptsetup: 'cryptsetup-bin',
};

/**
 * Paths of the programs: the system's own, or unpacked beside the kernels, where they are downloaded once.
 *
 * @returns {{ programs: string[], libraries: string }} the folders of their libraries as in LD_LIBRARY_PATH
 */
export function fetchPrograms() {
  const folder = join(cache, 'programs');
  const missing = Object.keys(wanted).filter((name) => findProgram(name) === '');
  if (missing.length > 0 && !existsSync(join(folder, 'complete')))
    unpack(
      missing.map((name) => wanted[name]),
      folder,
    );
  const unpacked = ['sbin', 'usr/sbin'].map((place) => join(folder, 'root', place));
  const programs = Object.keys(wanted).map((name) => {
    const paths = [findProgram(name), ...unpacked.map((place) => join(place, name))];
    return paths.find((path) => path !== '' && existsSync(path));
  });
  const libraries = ['lib', 'usr/lib'].map((place) => join(folder, 'root', place, 'x86_64-linux-gnu'));
  return { programs: programs.filter((path) => path !== undefined), libraries: libraries.join(':') };
}

function unpack(packages, folder) {
  rmSync(folder, { recursive: true, force: true });
  const archives = join(folder, 'packages');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  // With what they depend on and this system does not have. Nothing is installed, so nothing needs to be locked.
  const options = ['-o', `Dir::Cache::archives=${archives}`, '-o', 'Debug::NoLocking=1'];
  output('apt-get', [...options, 'install', '--download-only', '-y', '--no-install-recommends', ...packages]);
  for (const name of readdirSync(archives).filter((one) => one.endsWith('.deb')))
    output('dpkg', ['-x', join(archives, name), join(folder, 'root')]);
  rmSync(archives, { recursive: true });
  writeFileSync(join(folder, 'complete'), '');
}
