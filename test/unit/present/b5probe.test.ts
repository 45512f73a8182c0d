import { it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { whyText } from '../../../shared/export/why-text.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running, socket } from '../../support/make-snapshot.ts';
const show = (title: string, snapshot: SystemSnapshot, module: string) => {
  const a = accountForPresent(snapshot);
  console.log(`#### ${title}\n${whyText(a.find((x) => x.module === module)!, planRelease(a, snapshot, module))}`);
};
it('probe', () => {
  show('root disk', makeSnapshot({ modules: [loaded('sd_mod 1'), loaded('ahci 1')],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /')],
    blockDevices: [disk('sda 8:0', { partitions: [{ name: 'sda1', device: '8:1' }], hostModule: 'ahci' })] }), 'sd_mod');
  show('standing pid1', makeSnapshot({ modules: [loaded('ext4 1')],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { standing: [{ pid: 1, how: 'fd', link: '/mnt/x' }], standingCount: 1 })] }), 'ext4');
  show('swap file', makeSnapshot({ modules: [loaded('ext4 1')],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt')],
    texts: { '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/mnt/swap\\040file file 100 0 -2\n' } }), 'ext4');
  show('two ns', makeSnapshot({ modules: [loaded('ext4 1')], processes: [running('812 nginx', '/', { namespaces: { mnt: 99, net: 2, pid: 3, user: 4 } })],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { mountPoints: [{ path: '/mnt', namespace: 1, pid: 1 }, { path: '/data', namespace: 99, pid: 812 }] })] }), 'ext4');
  show('only other ns', makeSnapshot({ modules: [loaded('ext4 1')], processes: [running('812 nginx', '/', { namespaces: { mnt: 99, net: 2, pid: 3, user: 4 } })],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { mountPoints: [{ path: '/data', namespace: 99, pid: 812 }] })] }), 'ext4');
  show('bcache', makeSnapshot({ modules: [loaded('sd_mod 1'), loaded('bcache 0')],
    blockDevices: [disk('sda 8:0'), disk('bcache0 250:0', { slaves: ['sda'] })] }), 'sd_mod');
  show('unit and no unit', makeSnapshot({ modules: [loaded('testmod 2')], processes: [running('50 gpsd', '/system.slice/gpsd.service'), running('51 cat', '/')],
    devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
    openFiles: [opened('50/3,51/3 c10:120 /dev/testmod', { })] }), 'testmod');
  show('coming', makeSnapshot({ modules: [loaded('testmod 1', { state: 'coming' })] }), 'testmod');
  show('going', makeSnapshot({ modules: [loaded('testmod -1', { state: 'going' })] }), 'testmod');
  show('user unit other user', makeSnapshot({ modules: [loaded('testmod 1')], processes: [running('50 obs', '/user.slice/user-1000.slice/user@1000.service/app.slice/-rf.service', { user: 1000 })],
    devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
    openFiles: [opened('50/3 c10:120 /dev/testmod', { })] }), 'testmod');
  show('hostile dm/md', makeSnapshot({ modules: [loaded('dm_mod 1'), loaded('raid1 1')],
    blockDevices: [disk('dm-0 254:0', { mapperName: '-f' }), disk('md_$(reboot) 9:127', { raidLevel: 'raid1' })] }), 'dm_mod');
  show('hostile md', makeSnapshot({ modules: [loaded('raid1 1')],
    blockDevices: [disk('md_$(reboot) 9:127', { raidLevel: 'raid1' })] }), 'raid1');
  show('mapping and other', makeSnapshot({ modules: [loaded('testmod 2')], processes: [running('50 parent'), running('51 child', '/', { parent: 50 })],
    devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
    mappings: [{ pid: 51, link: '/dev/testmod', device: 'c10:120', filesystem: '0:5', inode: 9 }],
    openFiles: [opened('50/3 c10:120 /dev/testmod', { })] }), 'testmod');
  show('alg accepted', makeSnapshot({ modules: [loaded('af_alg 5 algif_hash'), loaded('algif_hash 1')], processes: [running('50 kcapi')],
    sockets: [socket('50/3 ALG'), socket('50/4 ALG')] }), 'algif_hash');
  show('fake node name', makeSnapshot({ modules: [loaded('fuse 1'), loaded('evil 1')], processes: [running('50 x')],
    devices: [device('c240:0 evil foo/fuse', { registered: 'evilchar' })],
    openFiles: [opened('50/3 c240:0 /dev/foo/fuse')] }), 'fuse');
  show('audio', makeSnapshot({ modules: [loaded('i915 1'), loaded('snd_hda_intel 0')] }), 'i915');
  show('vfio', makeSnapshot({ modules: [loaded('vfio 5 vfio_pci'), loaded('vfio_pci 1'), loaded('vfio_iommu_type1 1')], processes: [running('50 qemu')],
    devices: [device('c10:196 misc vfio/vfio', { registered: 'vfio' }), device('c235:0 vfio vfio/12')],
    openFiles: [opened('50/3 c10:196 /dev/vfio/vfio'), opened('50/4 c235:0 /dev/vfio/12'), opened('50/5 - anon_inode:[vfio-device]')] }), 'vfio');
  show('kernel thread standing', makeSnapshot({ modules: [loaded('ext4 1')], processes: [running('40 kworker', '/', { kernelThread: true })],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { standing: [{ pid: 40, how: 'cwd', link: '/mnt/x' }], standingCount: 1 })] }), 'ext4');
  show('nested overmount', makeSnapshot({ modules: [loaded('ext4 1'), loaded('tmpfs 1')],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { mountPoints: [{ path: '/mnt', namespace: 1, pid: 1 }, { path: '/mnt', namespace: 1, pid: 1 }] }), mounted('0:44 tmpfs tmpfs /mnt')] }), 'ext4');
  show('hostile mount', makeSnapshot({ modules: [loaded('ext4 1')], processes: [running('60 $(reboot)')],
    superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', { mountPoints: [{ path: "/mnt/a\nb'; rm -rf / #\u202e", namespace: 1, pid: 1 }], standing: [{ pid: 60, how: 'cwd', link: '/x\n/y' }], standingCount: 1 })] }), 'ext4');
});
