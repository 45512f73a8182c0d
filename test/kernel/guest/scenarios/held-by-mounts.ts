import { existsSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { eventually, kernelAtLeast, modprobe, must } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { letGo, type Played, tells } from '../why-now.ts';

/** CLONE_NEWNS of sched.h. */
const newMounts = 0x00020000;

function makeImage(path: string, megabytes: number): void {
  must('dd', 'if=/dev/zero', `of=${path}`, 'bs=1M', `count=${megabytes}`);
  must('/bin/sh', '-c', `mke2fs -F ${path}`);
}

/** Filesystems, and the disks under them. */
export const heldByMounts: Played = {
  'why: a mount': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const mounter = await startPuppet('mount');
    await mounter.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await mounter.kill();
    await tells('mounted, by a process that has ended', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    const reader = await startPuppet('less');
    await reader.do('chdir /tmp/merged');
    await letGo('overlay');
    await reader.kill();
  },

  'why: a mount that was detached under a program': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const mounter = await startPuppet('viewer');
    await mounter.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await mounter.do('chdir /tmp/merged');
    await mounter.do('detach /tmp/merged');
    await tells('in no list of mounts', { module: 'overlay', holders: { 'overlay that was unmounted lazily': 1 } });
    await letGo('overlay');
  },

  'why: a mount in another namespace': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    const container = await startPuppet('container');
    await container.do(`unshare ${newMounts}`);
    await container.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await tells('that only a container sees', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    await letGo('overlay');
    modprobe('overlay');
    await container.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await container.kill();
    await tells('which has ended', { module: 'overlay', holders: {} });
    must('mount', '-t', 'overlay', 'overlay', '-o', 'lowerdir=/tmp/lower:/tmp/upper', '/tmp/merged');
    const copy = await startPuppet('copy');
    await copy.do(`unshare ${newMounts}`);
    await tells('which was copied there', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    await letGo('overlay');
    await copy.kill();
  },

  'why: disks upon disks': async () => {
    for (const module of ['loop', 'ext4', 'dm_mod']) modprobe(module);
    for (const module of ['ext4', 'dm_mod']) await tells('loaded', { module, holders: {} });
    must('dd', 'if=/dev/zero', 'of=/tmp/why.img', 'bs=1M', 'count=4');
    must('/bin/sh', '-c', 'mke2fs -F /tmp/why.img');
    await tells('loaded', { module: 'loop', holders: {} });
    must('losetup', '/dev/loop0', '/tmp/why.img');
    await tells('bound', { module: 'loop', holders: { loop0: 1 }, nodes: ['/dev/loop0'] });
    must('/sbin/dmsetup', 'create', 'vault', '--table', '0 8192 linear /dev/loop0 0');
    await tells('mapped', { module: 'loop', holders: { loop0: 1, vault: 1 }, nodes: ['/dev/loop0'] });
    await tells('and its table', { module: 'dm_mod', holders: { vault: 2 }, nodes: ['/dev/dm-0'] });
    must('/bin/mkdir', '-p', '/mnt/vault');
    const node = existsSync('/dev/mapper/vault') ? '/dev/mapper/vault' : '/dev/dm-0';
    must('mount', '-t', 'ext4', node, '/mnt/vault');
    await tells('mounted', { module: 'ext4', holders: { '/mnt/vault': 1 }, nodes: ['/mnt/vault'] });
    const editor = await startPuppet('editor');
    await editor.do('chdir /mnt/vault');
    const backup = await startPuppet('backup');
    await backup.do('open-read /dev/dm-0');
    await tells('and read', {
      module: 'dm_mod',
      holders: { vault: 2, '/mnt/vault': 1, backup: 1 },
      nodes: ['/dev/dm-0'],
    });
    await letGo('loop');
    await letGo('dm_mod', 'free');
    await letGo('ext4', 'free');
    for (const puppet of [editor, backup]) await puppet.kill();
    rmSync('/tmp/why.img');
  },

  'why: swap': async () => {
    modprobe('zram');
    await tells('loaded', { module: 'zram', holders: {}, nodes: ['/dev/zram0'] });
    writeFileSync('/sys/block/zram0/disksize', '8M');
    must('mkswap', '/dev/zram0');
    must('swapon', '/dev/zram0');
    const references = kernelAtLeast(6, 10) ? 1 : 2;
    await tells('swapped to', { module: 'zram', holders: { '/dev/zram0': references }, nodes: ['/dev/zram0'] });
    await letGo('zram');
  },

  'why: a swap file, whose filesystem is on a disk in a file': async () => {
    for (const module of ['loop', 'ext4']) modprobe(module);
    await tells('loaded', { module: 'ext4', holders: {} });
    must('dd', 'if=/dev/zero', 'of=/tmp/why.img', 'bs=1M', 'count=8');
    must('/bin/sh', '-c', 'mke2fs -F /tmp/why.img');
    must('losetup', '/dev/loop0', '/tmp/why.img');
    must('/bin/mkdir', '-p', "/mnt/it's mine");
    must('mount', '-t', 'ext4', '/dev/loop0', "/mnt/it's mine");
    must('dd', 'if=/dev/zero', "of=/mnt/it's mine/swap", 'bs=1M', 'count=2');
    must('mkswap', "/mnt/it's mine/swap");
    must('swapon', "/mnt/it's mine/swap");
    await tells('swapped to', { module: 'ext4', holders: { "/mnt/it's mine": 1 } });
    await letGo('loop');
    await letGo('ext4', 'free');
    rmSync('/tmp/why.img');
  },

  'why: a SCSI disk': async () => {
    modprobe('sd_mod');
    modprobe('sg');
    modprobe('scsi_debug', 'dev_size_mb=8');
    await eventually('the disk is there', () => existsSync('/dev/sda') && existsSync('/dev/sg0'));
    const nodes = ['/dev/sda', '/dev/sg0'];
    await tells('nobody uses it', { module: 'scsi_debug', holders: {}, nodes });
    const backup = await startPuppet('backup');
    await backup.do('open-read /dev/sda');
    await backup.do('open-read /dev/sg0');
    await tells('read as a disk and by SCSI commands', { module: 'scsi_debug', holders: { backup: 2 }, nodes });
    await tells('the disk', { module: 'sd_mod', holders: { backup: 1 }, nodes });
    await tells('the commands', { module: 'sg', holders: { backup: 3 }, nodes });
    await letGo('scsi_debug');
  },

  'why: an overlay of folders on a disk in a file on a disk in a file': async () => {
    for (const module of ['loop', 'ext4', 'overlay']) {
      modprobe(module);
      await tells('loaded', { module, holders: {} });
    }
    makeImage('/tmp/outer.img', 16);
    must('losetup', '/dev/loop0', '/tmp/outer.img');
    must('mkdir', '-p', '/mnt/outer', '/mnt/inner', '/mnt/both', '/tmp/upper', '/tmp/work');
    must('mount', '-t', 'ext4', '/dev/loop0', '/mnt/outer');
    makeImage('/mnt/outer/inner.img', 4);
    must('losetup', '/dev/loop1', '/mnt/outer/inner.img');
    must('mount', '-t', 'ext4', '/dev/loop1', '/mnt/inner');
    const options = 'lowerdir=/mnt/inner:/mnt/outer,upperdir=/tmp/upper,workdir=/tmp/work';
    must('mount', '-t', 'overlay', 'overlay', '-o', options, '/mnt/both');
    await tells('each disk and what is mounted from it', {
      module: 'loop',
      holders: { loop0: 1, loop1: 1, '/mnt/outer': 1, '/mnt/inner': 1 },
      nodes: ['/dev/loop0', '/dev/loop1'],
    });
    await tells('both', { module: 'ext4', holders: { '/mnt/outer': 1, '/mnt/inner': 1 } });
    await tells('what lies over both', { module: 'overlay', holders: { '/mnt/both': 1 } });
    await letGo('loop');
    await letGo('overlay', 'free');
    await letGo('ext4', 'free');
    rmSync('/tmp/outer.img');
  },

  'why: a file that was deleted, on a mount of a hostile name': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    const place = '/mnt/a\nb\'$(reboot) "c" \u001b[31m\\ -x';
    must('mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/work', place, '/mnt/plain');
    must('mount', '-t', 'overlay', 'overlay', '-o', 'lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work', place);
    must('mount', '--bind', place, '/mnt/plain');
    writeFileSync('/mnt/plain/draft', 'text');
    const editor = await startPuppet('editor');
    await editor.do('open /mnt/plain/draft');
    rmSync('/mnt/plain/draft');
    await tells('and mounted twice', { module: 'overlay', holders: { [place]: 1 } });
    await letGo('overlay');
    await editor.kill();
    for (const folder of [place, '/mnt/plain']) rmdirSync(folder);
  },

  'why: memory disks, delays and tables': async () => {
    for (const [module, ...options] of [
      ['brd', 'rd_nr=2', 'rd_size=8192'],
      ['null_blk', 'nr_devices=1'],
      ...[['dm_mod'], ['dm_delay'], ['dm_zero']],
    ]) {
      modprobe(module!, ...options);
      await tells('loaded', { module: module!, holders: {} });
    }
    const dd = await startPuppet('dd');
    await dd.do('open /dev/ram1');
    must('/sbin/dmsetup', 'create', '--noudevsync', 'lin', '--table', '0 16384 linear /dev/ram0 0');
    must('/sbin/dmsetup', 'create', '--noudevsync', 'del', '--table', '0 8192 delay /dev/nullb0 0 5');
    must('/sbin/dmsetup', 'create', '--noudevsync', 'z', '--table', '0 8192 zero');
    await tells('under a table, and open', {
      module: 'brd',
      holders: { lin: 1, dd: 1 },
      nodes: ['/dev/ram0', '/dev/ram1'],
    });
    await tells('under a table', { module: 'null_blk', holders: { del: 1 }, nodes: ['/dev/nullb0'] });
    await tells('a target', { module: 'dm_delay', holders: { del: 1 } });
    await tells('a target', { module: 'dm_zero', holders: { z: 1 } });
    await tells('the tables', {
      module: 'dm_mod',
      holders: { dm_delay: 1, dm_zero: 1, lin: 2, del: 1, z: 1 },
    });
    await letGo('brd');
    await letGo('null_blk');
    await letGo('dm_zero');
    await letGo('dm_delay', 'free');
    await letGo('dm_mod', 'free');
  },
};
