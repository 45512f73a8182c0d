import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's kernel is kept between runs: outside of the work tree. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'modshark/kernel-lab');

/** Runs a command and gives its output. */
export function output(command, argv, options = {}) {
  const result = spawnSync(command, argv, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.status !== 0) throw new Error(`${command} ${argv.join(' ')}\n${result.stderr ?? result.error}`);
  return result.stdout;
}

/** The first package that one depends on whose name fits; undefined where apt does not know one. */
function dependencyOf(name, pattern, options = []) {
  const lines = output('apt-cache', [...options, 'depends', name]).split('\n');
  return lines.map((line) => /^\s+Depends: (\S+)/.exec(line)?.[1]).find((one) => pattern.test(one ?? ''));
}

/**
 * What makes apt speak of the backports of this Debian, from the mirror that it is set up for, beside its own lists:
 * what the machine knows and installs stays as it is.
 */
function optionsForBackports() {
  const format = '$(CREATED_BY) $(LABEL) $(CODENAME) $(REPO_URI)';
  const targets = output('apt-get', ['indextargets', '--format', format]);
  const [, codename, mirror] = /^Packages Debian ([a-z]+) (\S+)$/m.exec(targets) ?? [];
  if (mirror === undefined) throw new Error('apt is not set up for Debian: only its own kernel can be had.');
  const folder = join(cache, 'apt');
  for (const inside of ['lists/partial', 'archives/partial']) mkdirSync(join(folder, inside), { recursive: true });
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${key}] ${mirror} ${codename}-backports main\n`);
  const settings = [
    `Dir::Etc::SourceList=${folder}/sources.list`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
  ];
  const options = settings.flatMap((setting) => ['-o', setting]);
  output('apt-get', [...options, 'update']);
  return options;
}

/** Debian's kernel of a version: the system's own, or that of the backports. */
function chooseImage(version) {
  const own = dependencyOf('linux-image-amd64', /^linux-image-\d/);
  if (own !== undefined && (version === undefined || own.startsWith(`linux-image-${version}.`)))
    return { image: own, options: [] };
  if (version === undefined) throw new Error('apt-cache knows no kernel behind linux-image-amd64: run apt-get update');
  const options = optionsForBackports();
  const image = dependencyOf('linux-image-amd64', /^linux-image-\d/, options);
  if (!image?.startsWith(`linux-image-${version}.`))
    throw new Error(`Debian has no kernel ${version} here: its own is ${own}, the backports have ${image}.`);
  return { image, options };
}

/** What was fetched before, without asking anybody. */
function findFetched(version) {
  if (version === undefined || !existsSync(cache)) return undefined;
  const isIt = (release) => release.startsWith(`${version}.`) && existsSync(join(cache, release, 'complete'));
  return readdirSync(cache).filter(isIt).sort().at(-1);
}

/**
 * One of Debian's kernels, its headers, and vkms built from its source, downloaded once and kept.
 *
 * @param {string | undefined} version as in `6.12`; the system's own without it
 * @returns {{ folder: string, release: string, vmlinux: string, modules: string, headers: string, vkms: string }}
 */
export function fetchKernel(version) {
  const fetched = findFetched(version);
  const { image, options } =
    fetched === undefined ? chooseImage(version) : { image: `linux-image-${fetched}`, options: [] };
  const release = image.replace('linux-image-', '');
  const folder = join(cache, release);
  const kernel = {
    folder,
    release,
    vmlinux: join(folder, 'vmlinux'),
    modules: join(folder, 'root/lib/modules', release),
    headers: join(folder, `root/usr/src/linux-headers-${release}`),
    vkms: join(folder, 'vkms/vkms.ko'),
  };
  if (existsSync(join(folder, 'complete'))) return kernel;

  console.log(`Fetching Debian's kernel ${release} into ${folder} (about 220 MB, once).`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'packages'), { recursive: true });
  const headers = `linux-headers-${release}`;
  const source = dependencyOf('linux-source', /^linux-source-\d/, options);
  const common = dependencyOf(headers, /-common$/, options);
  const packages = [image, headers, common, dependencyOf(headers, /^linux-kbuild-/, options), source];
  output('apt-get', [...options, 'download', ...packages], { cwd: join(folder, 'packages') });
  for (const name of readdirSync(join(folder, 'packages'))) {
    output('dpkg', ['-x', join(folder, 'packages', name), join(folder, 'root')]);
  }
  if (!existsSync(join(folder, 'root/lib/modules'))) {
    mkdirSync(join(folder, 'root/lib'), { recursive: true });
    symlinkSync('../usr/lib/modules', join(folder, 'root/lib/modules'));
  }
  unpackKernel(join(folder, 'root/boot', `vmlinuz-${release}`), kernel.vmlinux);
  relocateHeaders(kernel.headers, join(folder, 'root/usr/src', common));
  buildVkms(kernel, join(folder, 'root/usr/src', `${source}.tar.xz`));
  rmSync(join(folder, 'packages'), { recursive: true });
  rmSync(join(folder, 'root/usr/src', `${source}.tar.xz`));
  writeFileSync(join(folder, 'complete'), '');
  return kernel;
}

/** QEMU boots the uncompressed kernel at once (PVH); unpacking it there, under emulation, would take seconds. */
function unpackKernel(compressed, to) {
  const bytes = readFileSync(compressed);
  const formats = [
    ['xz', Buffer.from('fd377a585a00', 'hex')],
    ['zstd', Buffer.from('28b52ffd', 'hex')],
    ['gzip', Buffer.from('1f8b08', 'hex')],
  ];
  for (const [program, magic] of formats) {
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      // What follows the payload makes the program complain after it has written everything.
      const { stdout } = spawnSync(program, ['-dc'], { input: bytes.subarray(at), maxBuffer: 1 << 28 });
      if (stdout?.length > 10_000_000 && stdout.subarray(1, 4).toString() === 'ELF') {
        writeFileSync(to, stdout);
        return;
      }
    }
  }
  throw new Error(`${compressed} holds no kernel in a format that is known here.`);
}

/** The headers' Makefile names the common part by its place in an installed system. */
function relocateHeaders(headers, common) {
  const makefile = join(headers, 'Makefile');
  writeFileSync(makefile, readFileSync(makefile, 'utf8').replace(/^include .*/m, `include ${common}/Makefile`));
}

/** Debian does not build vkms; its source is that of the same kernel. */
function buildVkms(kernel, tarball) {
  const folder = join(kernel.folder, 'vkms');
  mkdirSync(folder);
  const inside = tarball.replace(/.*\/(linux-source-[\d.]+)\.tar\.xz$/, '$1/drivers/gpu/drm/vkms');
  output('tar', ['xJf', tarball, '-C', folder, '--strip-components=5', inside]);
  buildModules(kernel, folder, ['CONFIG_DRM_VKMS=m']);
}

/** Builds the modules of a folder against the kernel's headers; without their types for BPF, which take another tool. */
export function buildModules(kernel, folder, settings = []) {
  const all = ['CONFIG_DEBUG_INFO_BTF_MODULES=', ...settings];
  output('make', ['-C', kernel.headers, `M=${folder}`, ...all, 'modules']);
}
