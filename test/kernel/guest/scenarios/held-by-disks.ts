import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { eventually, modprobe, must } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { letGo, type Played, tellAll, tells } from '../why-now.ts';

/** The controller that tells a serial number: they are found in any order. */
function controllerOf(serial: string): string | undefined {
  return readdirSync('/sys/class/nvme').find(
    (name) => readFileSync(`/sys/class/nvme/${name}/serial`, 'latin1').trim() === serial,
  );
}

async function diskOf(serial: string): Promise<string> {
  await eventually(`the disk ${serial} is there`, () => existsSync(`/dev/${controllerOf(serial)}n1`));
  return `/dev/${controllerOf(serial)}n1`;
}

/** Starts a server of a network block device, as a program of its own. */
async function serveDisk(socket: string): Promise<() => void> {
  const server = spawn('/lab/bin/node', ['/lab/serve-disk.mjs', socket, '16'], { stdio: 'inherit' });
  await eventually('it listens', () => existsSync(socket));
  return () => server.kill();
}

/**
 * Serves a folder to this machine, without the daemons that answer the kernel's questions: each is answered in advance.
 *
 * Source: nfsd(7), "channel"; exports of fsid 0 are the root of NFS 4.
 */
function serveFolder(folder: string): void {
  modprobe('nfsd');
  must('mount', '-t', 'nfsd', 'nfsd', '/proc/fs/nfsd');
  const never = 2147483647;
  const [anyPort, noTrees, numbered] = [0x2, 0x400, 0x2000];
  writeFileSync('/proc/net/rpc/auth.unix.ip/channel', `nfsd 127.0.0.1 ${never} *\n`);
  const flags = anyPort + noTrees + numbered;
  writeFileSync('/proc/net/rpc/nfsd.export/channel', `* ${folder} ${never} ${flags} 65534 65534 0\n`);
  writeFileSync('/proc/net/rpc/nfsd.fh/channel', `* 1 \\x00000000 ${never} ${folder}\n`);
  writeFileSync('/proc/fs/nfsd/versions', '-2 -3 +4\n');
  writeFileSync('/proc/fs/nfsd/portlist', 'tcp 2049\n');
  writeFileSync('/proc/fs/nfsd/threads', '1\n');
}

/** Disks of hardware and of the network, and what is built on them. */
export const heldByDisks: Played = {
  'why: NVMe disks, mirrored, encrypted and mounted': async () => {
    for (const module of ['nvme', 'raid1', 'dm_crypt', 'ext4']) modprobe(module);
    const disks = [await diskOf('a'), await diskOf('b')];
    for (const module of ['nvme', 'raid1', 'dm_crypt']) await tells('loaded', { module, holders: {}, nodes: disks });
    const smart = await startPuppet('smartctl');
    await smart.do(`open /dev/${controllerOf('a')}`);
    await tells('asked how it is', { module: 'nvme', holders: { smartctl: 2 } });
    await tells('by its core', { module: 'nvme_core', holders: { nvme: 1, smartctl: 1 } });
    const mirror = '--create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 --assume-clean';
    must('/sbin/mdadm', ...mirror.split(' '), ...disks);
    await tells('two in a mirror', { module: 'nvme', holders: { smartctl: 2, md0: 2 }, nodes: disks });
    await tells('the mirror', { module: 'raid1', holders: { md0: 1 }, nodes: ['/dev/md0'] });
    writeFileSync('/tmp/key', Buffer.alloc(32, 'k'));
    const plain = '-q open --type plain --cipher aes-xts-plain64 --key-size 256 --key-file /tmp/key /dev/md0 vault';
    must('/sbin/cryptsetup', ...plain.split(' '));
    const node = existsSync('/dev/mapper/vault') ? '/dev/mapper/vault' : '/dev/dm-0';
    must('/bin/sh', '-c', `mke2fs -F ${node}`);
    must('mkdir', '-p', '/mnt/vault');
    must('mount', '-t', 'ext4', node, '/mnt/vault');
    await tells('under what encrypts', { module: 'md_mod', holders: { raid1: 1, vault: 1 }, nodes: ['/dev/md0'] });
    await tells('the cipher', { module: 'dm_crypt', holders: { vault: 1 } });
    await tells('the tables', { module: 'dm_mod', holders: { dm_crypt: 1, vault: 1, '/mnt/vault': 1 } });
    await tellAll('under all that');
    const editor = await startPuppet('editor');
    await editor.do('chdir /mnt/vault');
    await letGo('nvme');
    await letGo('nvme_core', 'free');
    for (const module of ['raid1', 'dm_crypt', 'ext4']) await letGo(module, 'free');
    rmSync('/tmp/key');
  },

  'why: an NVMe disk that more paths may lead to': async () => {
    modprobe('nvme');
    const disk = await diskOf('c');
    await tells('loaded', { module: 'nvme_core', holders: { nvme: 1 }, nodes: [disk] });
    const backup = await startPuppet('backup');
    await backup.do(`open-read ${disk}`);
    await tells('it is the core’s', { module: 'nvme_core', holders: { nvme: 1, backup: 1 }, nodes: [disk] });
    await tells('and its path may go', { module: 'nvme', holders: {} });
    await letGo('nvme_core');
  },

  'why: folders of the host, which the tests themselves run from': async () => {
    const holders = { '/lab': 1, '/out': 1 };
    await tells('mounted', { module: '9p', holders, nodes: ['/lab', '/out'] });
    await tells('and what carries them', { module: '9pnet_virtio', holders });
  },

  'why: a folder of a file server': async () => {
    must('mkdir', '-p', '/tmp/served', '/mnt/served');
    serveFolder('/tmp/served');
    modprobe('nfsv4');
    for (const module of ['nfs', 'nfsv4'])
      await tells('loaded', { module, holders: module === 'nfs' ? { nfsv4: 1 } : {} });
    const mounter = await startPuppet('mount.nfs');
    await mounter.do('mount-on 127.0.0.1:/ /mnt/served nfs4 vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1');
    await tells('mounted', { module: 'nfs', holders: { nfsv4: 1, '/mnt/served': 1 } });
    await tells('and its protocol', { module: 'nfsv4', holders: { '127.0.0.1': 1 } });
    const editor = await startPuppet('editor');
    await editor.do('chdir /mnt/served');
    await letGo('nfsv4');
    writeFileSync('/proc/fs/nfsd/threads', '0\n');
    must('umount', '/proc/fs/nfsd');
  },

  'why: a disk of the network': async () => {
    modprobe('nbd', 'nbds_max=2');
    modprobe('ext4');
    await tells('loaded', { module: 'nbd', holders: {}, nodes: ['/dev/nbd0'] });
    const looking = await startPuppet('blkid');
    await looking.do('open-read /dev/nbd1');
    await tells('one that nobody connected', { module: 'nbd', holders: { blkid: 1, nbd1: 1 }, nodes: ['/dev/nbd1'] });
    const stop = await serveDisk('/tmp/nbd.socket');
    must('/sbin/nbd-client', '-unix', '/tmp/nbd.socket', '/dev/nbd0');
    must('/bin/sh', '-c', 'mke2fs -F /dev/nbd0');
    must('mkdir', '-p', '/mnt/far');
    must('mount', '-t', 'ext4', '/dev/nbd0', '/mnt/far');
    const holders = { blkid: 1, nbd1: 1, nbd0: 1, '/mnt/far': 1 };
    await tells('one that is mounted', { module: 'nbd', holders, nodes: ['/dev/nbd0'] });
    await letGo('nbd');
    await letGo('ext4', 'free');
    stop();
    rmSync('/tmp/nbd.socket', { force: true });
  },
};
