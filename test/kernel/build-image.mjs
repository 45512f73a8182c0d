import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildCommand } from '../../build/build.mjs';
import { compileHelper } from '../../build/build-helper.mjs';
import { addPolkit } from './add-polkit.mjs';
import { buildModules, output } from './fetch-kernel.mjs';
import { fetchPrograms } from './fetch-programs.mjs';
import { findProgram } from './prerequisites.mjs';

const sources = fileURLToPath(new URL('.', import.meta.url));

/** Modules of Debian's kernel that the guest needs, beside what they depend on. */
const wanted = [
  ...['virtio_pci', '9p', '9pnet_virtio'],
  ...['drm', 'drm_kms_helper', 'drm_shmem_helper', 'tun', 'can', 'can_raw', 'overlay', 'binfmt_misc', 'dummy'],
  ...[
    'loop',
    'dm_mod',
    'dm_zero',
    'ext4',
    'vfat',
    'nls_ascii',
    'nls_cp437',
    'fuse',
    'sd_mod',
    'sg',
    'scsi_debug',
    'zram',
  ],
  ...['vgem', 'brd', 'null_blk', 'dm_delay', 'veth', 'bridge', 'algif_skcipher', 'ctr', 'sha512_generic'],
  ...['nft_limit', 'nft_log', 'nf_log_syslog', 'nft_reject_inet', 'nft_masq', 'nft_quota'],
  ...['sch_prio', 'sch_ingress', 'cls_u32', 'cls_basic', 'cls_matchall', 'em_u32', 'act_gact', 'act_police'],
  ...['slip', 'tls', 'gcm', 'ctr', 'ghash_generic', 'aesni_intel'],
  ...['ip_set_hash_ip', 'ip_set_list_set', 'xt_set', 'iptable_filter', 'nft_compat', 'nft_counter', 'nft_objref'],
  ...['snd_dummy', 'snd_pcm', 'softdog', 'i2c_dev', 'i2c_stub', 'uinput', 'evdev', 'sctp', 'vsock', 'vsock_loopback'],
  ...['xhci_pci', 'usb_storage', 'sr_mod', 'ftdi_sio', 'usbhid', 'hid_generic', 'joydev', 'nvme', 'raid1', 'dm_crypt'],
  ...['xts', 'nbd', 'ip_vs_rr', 'ip_vs_wrr', '8021q', 'macvlan', 'macvtap', 'wireguard', 'bonding', 'team'],
  ...['ppp_async', 'pppoe', 'rfcomm', 'bnep', 'hidp', 'davicom', 'mdio_devres', 'nfsd', 'nfsv4'],
  ...[
    'bochs',
    'virtio_gpu',
    'vfio_pci',
    'vfio_iommu_type1',
    'kvm_amd',
    'vhost_net',
    'snd_hda_intel',
    'snd_hda_codec_generic',
  ],
  ...['af_alg', 'algif_hash', 'nf_tables', 'nft_ct', 'nft_chain_nat', 'sch_tbf', 'tcp_bbr', 'crc32c_intel'],
];

const applets =
  'sh mount mkdir mknod uname head cat cp sleep sync poweroff ifconfig ls dmesg dd losetup mke2fs mkdosfs mkswap swapon swapoff stty sysctl'.split(
    ' ',
  );

/** What the helper asks and release plans name, where the host has it, and the shell that people paste them into. */
const tools = [
  'dmsetup',
  'nft',
  'tc',
  'ip',
  'ipset',
  'iptables-legacy',
  'iptables-legacy-save',
  'iptables-nft',
  'lsof',
  'fuser',
  'umount',
  'nsenter',
  'bash',
  'script',
  'trace-cmd',
];

/** What iptables and tc look up to read the rules of the tests. */
const extensions = [
  '/usr/lib/x86_64-linux-gnu/xtables/libxt_set.so',
  '/usr/lib/x86_64-linux-gnu/xtables/libxt_standard.so',
  '/etc/iproute2/ematch_map',
];

/** What may stand in place of the longest name of the test modules: whoever builds a module chooses its name. */
const nastyName = 'nasty na:me [x]';
const longName = 'testmod_a_module_name_of_exactly_fifty_five_charactersx';

/**
 * Makes what the guest boots from: an initramfs with busybox, kmod and the modules, and a folder that it mounts, with
 * node, the helper and the scenarios.
 *
 * @returns {Promise<{ initramfs: string, share: string }>}
 */
export async function buildImage(kernel) {
  const work = join(kernel.folder, 'work');
  const root = join(work, 'root');
  const share = join(work, 'share');
  for (const folder of [root, share]) rmSync(folder, { recursive: true, force: true });
  for (const folder of ['bin', 'sbin', 'etc', 'run', 'proc', 'sys', 'dev'])
    mkdirSync(join(root, folder), { recursive: true });

  copyFileSync(findProgram('busybox'), join(root, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  addProgram(root, findProgram('kmod'), 'bin/kmod');
  for (const tool of ['modprobe', 'insmod', 'rmmod', 'lsmod']) symlinkSync('/bin/kmod', join(root, 'sbin', tool));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  copyFileSync(join(sources, 'guest/init'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  for (const tool of tools.map(findProgram).filter((path) => path !== ''))
    addProgram(root, tool, `sbin/${basename(tool)}`);
  const { programs, libraries } = fetchPrograms();
  for (const program of programs) addProgram(root, program, `sbin/${basename(program)}`, libraries);
  for (const extension of extensions.filter((path) => existsSync(path))) {
    mkdirSync(join(root, dirname(extension)), { recursive: true });
    if (extension.endsWith('.so')) addProgram(root, extension, extension);
    else copyFileSync(extension, join(root, extension));
  }
  addModules(kernel, root, work);

  // Node is large: it stays in the shared folder, only its libraries are in the image, where the loader looks.
  addProgram(root, process.execPath, undefined);
  mkdirSync(join(share, 'bin'), { recursive: true });
  copyFileSync(process.execPath, join(share, 'bin/node'));
  compileHelper({ output: join(share, 'bin/capture-helper') });
  addProgram(root, join(share, 'bin/capture-helper'), undefined);
  for (const [name, ...others] of [['puppet', 'puppet-machines'], ['nothing']]) {
    const argv = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-O2', '-static'];
    const files = [name, ...others].map((file) => join(sources, 'programs', `${file}.c`));
    output('gcc', [...argv, '-o', join(root, 'bin', name), ...files]);
  }
  addPolkit(root, addProgram);
  for (const entry of ['run-scenarios', 'record-as-user', 'serve-disk']) await bundle(entry, share);
  await addCommand(share);

  const initramfs = join(work, 'initramfs.cpio');
  output('sh', ['-c', `cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet > "$2"`, 'sh', root, initramfs]);
  return { initramfs, share };
}

/**
 * Puts a program, where a path is given, and the libraries it is linked with at their places.
 *
 * @param folders where they are looked for first
 */
function addProgram(root, program, path, folders = '') {
  if (path !== undefined) copyFileSync(program, join(root, path));
  const env = { ...process.env, LD_LIBRARY_PATH: folders };
  const libraries = output('ldd', [program], { env }).matchAll(/(?:=> )?(\/\S+\.so\S*) \(/g);
  for (const [, library] of libraries) {
    const folder = basename(library).startsWith('ld-linux') ? 'lib64' : 'lib/x86_64-linux-gnu';
    mkdirSync(join(root, folder), { recursive: true });
    copyFileSync(library, join(root, folder, basename(library)));
  }
}

function addModules(kernel, root, work) {
  const target = join(root, 'lib/modules', kernel.release);
  if (!existsSync(join(kernel.modules, 'modules.dep'))) {
    output('/sbin/depmod', ['-b', join(kernel.folder, 'root'), kernel.release]);
  }
  const dependencies = new Map();
  for (const line of readFileSync(join(kernel.modules, 'modules.dep'), 'utf8').split('\n')) {
    const [file, rest = ''] = line.split(':');
    const files = [file, ...rest.split(' ').filter((one) => one !== '')];
    dependencies.set(
      basename(file)
        .replace(/\.ko.*/, '')
        .replaceAll('-', '_'),
      files,
    );
  }
  const files = new Set(wanted.flatMap((name) => dependencies.get(name) ?? []));
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(kernel.modules, file), join(target, file));
  }
  for (const name of readdirSync(kernel.modules).filter((one) => /^modules\.(builtin|order)/.test(one))) {
    copyFileSync(join(kernel.modules, name), join(target, name));
  }
  mkdirSync(join(target, 'extra'), { recursive: true });
  for (const module of [kernel.vkms, ...buildTestModules(kernel, join(work, 'modules'))]) {
    copyFileSync(module, join(target, 'extra', basename(module)));
  }
  output('/sbin/depmod', ['-b', root, kernel.release]);
}

/** The command `modshark` itself, where it finds its helper. */
async function addCommand(share) {
  const app = join(share, 'modshark');
  mkdirSync(join(app, 'out/helper'), { recursive: true });
  for (const [from, to] of [
    [join(sources, '../../package.json'), 'package.json'],
    [join(share, 'bin/capture-helper'), 'out/helper/capture-helper'],
  ])
    copyFileSync(from, join(app, to));
  await buildCommand(join(app, 'out/electron'));
}

function buildTestModules(kernel, folder) {
  const from = join(sources, 'modules');
  const names = readdirSync(from);
  const objects = readFileSync(join(from, 'Kbuild'), 'utf8').matchAll(/^obj-m \+= (.*)$/gm);
  const built = [...objects].flatMap(([, list]) =>
    list.split(' ').map((name) => join(folder, name.replace(/o$/, 'ko'))),
  );
  const changed = (name) =>
    built.some((ko) => !existsSync(ko) || statSync(ko).mtimeMs < statSync(join(from, name)).mtimeMs);
  const nasty = join(folder, 'nasty.ko');
  if (names.some(changed)) {
    mkdirSync(folder, { recursive: true });
    for (const name of names) copyFileSync(join(from, name), join(folder, name));
    buildModules(kernel, folder);
    rename(join(folder, `${longName}.ko`), nasty);
  }
  return [...built, nasty];
}

/** A module has its name twice, with room behind it only where it ends a text. */
function rename(module, to) {
  const bytes = readFileSync(module);
  const name = Buffer.from(nastyName.padEnd(longName.length, '\0'));
  for (let at = bytes.indexOf(`${longName}\0`); at >= 0; at = bytes.indexOf(`${longName}\0`, at + 1))
    name.copy(bytes, at);
  writeFileSync(to, bytes);
}

/** What node runs in the guest, with the project's own code, as one file. */
async function bundle(entry, share) {
  await build({
    root: join(sources, '../..'),
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(sources, `guest/${entry}.ts`),
      outDir: share,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: `${entry}.mjs` } },
    },
    ssr: { noExternal: true },
  });
}
