import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';

const sums = (snapshot: SystemSnapshot) =>
  Object.fromEntries(
    accountForPresent(snapshot).map(({ module, explained, unexplained, cautions }) => [
      module,
      cautions.length > 0 ? cautions : [explained, unexplained],
    ]),
  );

describe('hardware and services, by what the kernel’s source counts', () => {
  it('a virtual machine that drives a card through VFIO', () => {
    const vfio = {
      modules: [loaded('vfio 6 vfio_pci,vfio_iommu_type1'), loaded('vfio_pci 1'), loaded('vfio_iommu_type1 1')],
      processes: [running('50 qemu')],
      devices: [device('c10:196 misc vfio/vfio', { registered: 'vfio' }), device('c235:0 vfio vfio/12')],
      openFiles: [
        opened('50/3 c10:196 /dev/vfio/vfio'),
        opened('50/4 c235:0 /dev/vfio/12'),
        opened('50/5 - anon_inode:[vfio-device]'),
      ],
    };
    expect(sums(makeSnapshot(vfio))).toEqual({ vfio: [6, 0], vfio_pci: [1, 0], vfio_iommu_type1: [1, 0] });
    // Before the container has an IOMMU it does not hold its driver, and nothing is missed.
    const modules = [loaded('vfio 6 vfio_pci,vfio_iommu_type1'), loaded('vfio_pci 1'), loaded('vfio_iommu_type1 0')];
    expect(sums(makeSnapshot({ ...vfio, modules }))).toMatchObject({ vfio_iommu_type1: [0, 0] });
  });

  it('an NVMe disk holds its core, and its controller’s driver once for each partition; the controller’s node twice', () => {
    const nvme = makeSnapshot({
      modules: [loaded('nvme_core 4 nvme'), loaded('nvme 4')],
      processes: [running('60 nvme')],
      devices: [device('c241:0 nvme nvme0', { driverModule: 'nvme' })],
      openFiles: [opened('60/3 c241:0 /dev/nvme0')],
      superblocks: [mounted('259:1 ext4 /dev/nvme0n1p1 /mnt'), mounted('259:2 ext4 /dev/nvme0n1p2 /srv')],
      blockDevices: [
        disk('nvme0n1 259:0', {
          driverModule: 'nvme',
          partitions: [
            { name: 'nvme0n1p1', device: '259:1' },
            { name: 'nvme0n1p2', device: '259:2' },
          ],
        }),
      ],
    });
    expect(sums(nvme)).toEqual({ nvme_core: [4, 0], nvme: [4, 0] });
    const modules = [loaded('nvme_core 4 nvme'), loaded('nvme 3')];
    expect(sums({ ...nvme, kernel: '5.4.0-100', modules })).toMatchObject({ nvme: [3, 0] });
  });

  it('sound over HDMI holds the driver of the card, where there is such a codec', () => {
    const modules = [loaded('i915 1'), loaded('snd_hda_intel 0'), loaded('snd_hda_codec_hdmi 1')];
    const texts = {
      '/sys/bus/hdaudio/devices/hdaudioC0D2/driver/module': '../../../../module/snd_hda_codec_hdmi',
    };
    expect(sums(makeSnapshot({ modules, texts }))).toMatchObject({ i915: [1, 0], snd_hda_codec_hdmi: [1, 0] });
    expect(sums(makeSnapshot({ modules }))).toMatchObject({ i915: [0, 1] });
  });

  it('a buffer that programs share counts once, on the one driver that can have made it', () => {
    const info = new Map([['exp_name', 'drm']]);
    const share = (line: string) => opened(line, { info, inode: 77 });
    const buffers = {
      modules: [loaded('i915 3')],
      processes: [running('70 Xwayland'), running('71 firefox')],
      devices: [device('c226:0 drm dri/card0', { driverModule: 'i915' })],
      openFiles: [
        opened('70/3 c226:0 /dev/dri/card0'),
        share('70/4 - /dmabuf:'),
        share('71/4 - /dmabuf:'),
        opened('71/5 - /dmabuf:', { info, inode: 78 }),
      ],
    };
    expect(sums(makeSnapshot(buffers))).toEqual({ i915: [3, 0] });
    const two = [...buffers.devices, device('c226:1 drm dri/card1', { driverModule: 'amdgpu' })];
    // Of two cards, that which its programs draw on; of the other buffer nobody can tell, and only references that are left are given to it.
    const modules = [loaded('i915 2'), loaded('amdgpu 0')];
    expect(sums(makeSnapshot({ ...buffers, modules, devices: two }))).toEqual({ i915: [2, 0], amdgpu: [0, 0] });
  });

  it('mounts from file servers hold the protocol once for a connection', () => {
    const remote = makeSnapshot({
      modules: [loaded('nfs 2 nfsv4'), loaded('nfsv4 1'), loaded('cifs 2')],
      superblocks: [mounted('0:50 nfs4 nas:/home /home'), mounted('0:51 cifs //nas/share /share')],
      texts: {
        '/proc/fs/nfsfs/servers': 'NV SERVER   PORT USE HOSTNAME\nv4 c0a80001  801   2 nas\n',
        '/proc/fs/cifs/DebugData': 'Servers: \n1) ConnectionId: 0x1 Hostname: nas \n',
      },
    });
    expect(sums(remote)).toEqual({ nfs: [2, 0], nfsv4: [1, 0], cifs: [2, 0] });
  });

  it('rules of iptables-legacy count by use, and their table while it has some', () => {
    const save =
      '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m conntrack --ctstate NEW -m comment --comment "-j LOG" -j LOG\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';
    const legacy = makeSnapshot({
      modules: [
        loaded('xt_conntrack 2'),
        loaded('xt_LOG 1'),
        loaded('xt_comment 1'),
        loaded('iptable_filter 1'),
        loaded('iptable_nat 0'),
      ],
      texts: { 'iptables-legacy-save': save },
    });
    expect(sums(legacy)).toEqual({
      xt_conntrack: [2, 0],
      xt_LOG: [1, 0],
      xt_comment: [1, 0],
      iptable_filter: [1, 0],
      iptable_nat: [0, 0],
    });
  });

  it('rules of iptables-legacy go with all tables that they are in, and with no other', () => {
    const save =
      '*filter\n:INPUT DROP [0:0]\n:mine - [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n*nat\n-A OUTPUT -m comment --comment x -j MASQUERADE\nCOMMIT\n*raw\n-A OUTPUT -m comment --comment x\nCOMMIT\n';
    const legacy = makeSnapshot({
      modules: [loaded('xt_MASQUERADE 1'), loaded('xt_comment 2'), loaded('iptable_filter 1')],
      texts: { 'iptables-legacy-save': save },
    });
    const commands = (module: string) =>
      planRelease(accountForPresent(legacy), legacy, module).steps.map(({ alternatives }) =>
        alternatives.map(({ command }) => command),
      );
    expect(commands('xt_MASQUERADE')).toEqual([['iptables-legacy -t nat -F']]);
    expect(commands('xt_comment')).toEqual([['iptables-legacy -t nat -F && iptables-legacy -t raw -F']]);
    // A chain of one's own keeps the table as a rule does.
    expect(commands('iptable_filter')).toEqual([['iptables-legacy -t filter -F && iptables-legacy -t filter -X']]);
  });

  it('balancers of another network are cleared there', () => {
    const table = 'TCP  0A000001:0050 rr\n';
    const both = makeSnapshot({
      modules: [loaded('ip_vs_rr 2'), loaded('ip_vs 4 ip_vs_rr')],
      processes: [running('80 keepalived')],
      texts: { '/proc/net/ip_vs': table, '/proc/80/net/ip_vs': table },
    });
    expect(sums(both)).toEqual({ ip_vs_rr: [2, 0], ip_vs: [4, 0] });
    const { steps } = planRelease(accountForPresent(both), both, 'ip_vs_rr');
    expect(steps.map(({ alternatives: [way] }) => way.command).toSorted()).toEqual([
      'ipvsadm -C',
      'nsenter -t 80 -n ipvsadm -C',
    ]);
  });

  it('a PHY, a balancer, a live patch and a network disk hold without a program', () => {
    const settings = makeSnapshot({
      modules: [
        loaded('realtek 1'),
        loaded('ip_vs_rr 2'),
        loaded('ip_vs 5 ip_vs_rr,x'),
        loaded('fix 1'),
        loaded('nbd 2'),
      ],
      blockDevices: [disk('nbd0 43:0')],
      processes: [running('80 dd')],
      openFiles: [opened('80/3 b43:0 /dev/nbd0')],
      texts: {
        '/sys/class/net/eth0/phydev/driver/module': '../../../../module/realtek',
        '/proc/net/ip_vs':
          'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  0A000001:0050 rr \n  -> 0A000002:0050 Masq 1 0 0\nUDP  0A000001:0035 rr \n',
        '/sys/kernel/livepatch/fix/enabled': '1\n',
        '/sys/block/nbd0/pid': '812\n',
      },
    });
    expect(sums(settings)).toEqual({ realtek: [1, 0], ip_vs_rr: [2, 0], ip_vs: [5, 0], fix: [1, 0], nbd: [2, 0] });
  });

  it('USB gadgets of the usb major hold the core of USB as well', () => {
    const modem = makeSnapshot({
      modules: [loaded('usbcore 2 cdc_wdm'), loaded('cdc_wdm 2 qmi_wwan'), loaded('qmi_wwan 0')],
      processes: [running('90 ModemManager')],
      devices: [device('c180:176 usbmisc cdc-wdm0', { driverModule: 'qmi_wwan' })],
      openFiles: [opened('90/3 c180:176 /dev/cdc-wdm0')],
    });
    expect(sums(modem)).toEqual({ usbcore: [2, 0], cdc_wdm: [2, 0], qmi_wwan: [0, 0] });
  });
});

describe('what must not be given to anybody', () => {
  it('a module that is being loaded is held by its loader', () => {
    const [loading] = accountForPresent(makeSnapshot({ modules: [loaded('testmod 1', { state: 'coming' })] }));
    expect(loading).toMatchObject({ explained: 1, unexplained: 0 });
    expect(loading!.holders.map(({ kind, noun }) => [kind, noun])).toEqual([['loader', 'loader']]);
  });

  it('a node that has the name of another module is its registrar’s', () => {
    const named = {
      modules: [loaded('fuse 1')],
      processes: [running('50 x')],
      devices: [device('c240:0 odd odd/fuse', { registered: 'oddchar' })],
      openFiles: [opened('50/3 c240:0 /dev/odd/fuse')],
    };
    expect(sums(makeSnapshot(named))).toEqual({ fuse: [0, 1] });
  });

  it('a child that maps what its parent has open is no second file', () => {
    const family = (count: number) =>
      makeSnapshot({
        modules: [loaded(`testmod ${count}`)],
        processes: [running('50 parent'), running('51 child', '/', { parent: 50 })],
        devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
        mappings: [{ pid: 51, link: '/dev/testmod', device: 'c10:120', filesystem: '0:5', inode: 9 }],
        openFiles: [opened('50/3 c10:120 /dev/testmod')],
      });
    const [one] = accountForPresent(family(1));
    expect([one!.holders.map(({ name }) => name), one!.cautions]).toEqual([['parent'], []]);
    const [two] = accountForPresent(family(2));
    expect(two!.holders.map(({ name, confidence }) => [name, confidence])).toEqual([
      ['parent', 'certain'],
      ['child', 'medium'],
    ]);
  });
});
