import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { readRegistered } from '../../../shared/snapshot/read-devices.ts';
import { device, loaded, makeSnapshot, mounted, opened, running, socket } from '../../support/make-snapshot.ts';
import { accountOf, tellPresent } from '../../support/tell-present.ts';

describe('characters of names on a filesystem', () => {
  const stick = (type: string, options: string, kernel = '6.1.0-56-amd64') =>
    makeSnapshot({
      kernel,
      modules: [loaded('nls_utf8 1'), loaded('nls_iso8859_1 1')],
      superblocks: [mounted(`8:17 ${type} /dev/sdb1 /mnt`, { options })],
    });

  it.each(['exfat', 'ntfs3', 'iso9660', 'udf'])('%s does UTF-8 itself, and holds no table for it', (type) => {
    expect(tellPresent(stick(type, 'rw,iocharset=utf8'))).toContain('nls_utf8 1 = 1 unexplained');
    expect(tellPresent(stick(type, 'rw,iocharset=iso8859-1'))).toContain('nls_iso8859_1 1 = 1 mount (/mnt)');
  });

  it('vfat and older kernels have one', () => {
    expect(tellPresent(stick('vfat', 'rw,iocharset=utf8'))).toContain('nls_utf8 1 = 1 mount (/mnt)');
    expect(tellPresent(stick('udf', 'rw,iocharset=utf8', '5.10.0'))).toContain('nls_utf8 1 = 1 mount (/mnt)');
  });
});

describe('filesystems', () => {
  it('ext2 is that of the module of its own name, though ext4 could serve it', () => {
    const both = makeSnapshot({
      modules: [loaded('ext2 1'), loaded('ext4 1')],
      superblocks: [mounted('8:17 ext2 /dev/sdb1 /mnt')],
    });
    expect(tellPresent(both)).toEqual(['ext2 1 = 1 mount (/mnt)', 'ext4 1 = 1 unexplained']);
  });

  it('ext2 that is built in is not that of ext4, which does not have it then', () => {
    const builtIn = (aliases: string) =>
      tellPresent(
        makeSnapshot({
          modules: [loaded('ext4 1')],
          superblocks: [mounted('8:17 ext2 /dev/sdb1 /mnt')],
          texts: { '/lib/modules/6.1.0/modules.alias': aliases },
        }),
      );
    expect(builtIn('alias fs-ext4 ext4\n')).toEqual(['ext4 1 = 1 unexplained']);
    expect(builtIn('alias fs-ext4 ext4\nalias fs-ext2 ext4\n')).toEqual(['ext4 1 = 1 mount (/mnt)']);
  });

  it('a format of quotas that is only named counts no more than probably', () => {
    const quota = makeSnapshot({
      modules: [loaded('quota_v2 2')],
      superblocks: [mounted('8:17 ext4 /dev/sdb1 /mnt', { options: 'rw,usrjquota=aquota.user,jqfmt=vfsv0' })],
    });
    expect(accountOf(quota, 'quota_v2')).toMatchObject({ explained: 2, probable: 2 });
  });
});

describe('devices', () => {
  it('a framebuffer that no graphics card plays is held once', () => {
    const plain = makeSnapshot({
      modules: [loaded('vfb 2')],
      processes: [running('50 fbi')],
      devices: [device('c29:0 graphics fb0', { path: '/sys/devices/platform/vfb.0/graphics/fb0' })],
      openFiles: [opened('50/3 c29:0 /dev/fb0')],
      texts: { '/sys/class/graphics/fb0/name': 'Virtual FB\n' },
    });
    expect(tellPresent(plain)).toEqual(['vfb 2 = probably 1 file of fbi + 1 unexplained']);
  });

  it('a bus to a monitor belongs to the helper that makes it, not to the driver of the card', () => {
    const path = '/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-DP-1/i2c-5/i2c-dev/i2c-5';
    const aux = makeSnapshot({
      modules: [loaded('i2c_dev 2'), loaded('i915 1'), loaded('drm_display_helper 1')],
      processes: [running('50 ddcutil')],
      devices: [device('c89:5 i2c-dev i2c-5', { path, driverModule: 'i915' })],
      openFiles: [opened('50/3 c89:5 /dev/i2c-5')],
    });
    expect(tellPresent(aux)).toEqual([
      'drm_display_helper 1 = probably 1 I2C bus of ddcutil',
      'i2c_dev 2 = 2 for 1 I2C bus of ddcutil',
      'i915 1 = 1 unexplained',
    ]);
  });

  it('of several who share a major, the one is meant that the node is named after, or nobody', () => {
    const registered = readRegistered(
      'Character devices:\n  4 /dev/vc/0\n  4 tty\n  4 ttyS\n240 alpha\n240 beta\n',
      '',
    );
    expect(registered('c4:64', 'ttyS0')).toBe('ttyS');
    expect(registered('c4:1', 'tty1')).toBe('tty');
    expect(registered('c240:4', 'beta4')).toBe('beta');
    expect(registered('c240:4', undefined)).toBeUndefined();
  });
});

describe('sockets', () => {
  it('of L2TP count twice: their operations have an owner too', () => {
    const tunnel = makeSnapshot({
      modules: [loaded('l2tp_ip 2')],
      processes: [running('50 xl2tpd')],
      sockets: [socket('50/3 L2TP/IP')],
      texts: {
        '/proc/net/protocols':
          'protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re sp bi br ha uh gp em\nL2TP/IP   896      1      -1   NI       0   no   l2tp_ip     y  y  y  n  y  n  n  n  y  y  y  y  y  n  n  n  n  n  n\n',
      },
    });
    expect(tellPresent(tunnel)).toEqual(['l2tp_ip 2 = 2 for 1 socket of xl2tpd']);
  });
});

describe('rules of iptables', () => {
  const save = (rules: string) =>
    accountForPresent(
      makeSnapshot({
        modules: [loaded('xt_LOG 1'), loaded('xt_mark 1'), loaded('xt_comment 1')],
        texts: { 'iptables-legacy-save': `*filter\n:INPUT ACCEPT [0:0]\n:mark - [0:0]\n${rules}\nCOMMIT\n` },
      }),
    ).map(({ module, explained }) => `${module} ${explained}`);

  it('a comment is no part of a rule, whatever it says', () => {
    expect(save(String.raw`-A INPUT -m comment --comment "all \" -j LOG -m mark" -j ACCEPT`)).toEqual([
      'xt_LOG 0',
      'xt_comment 1',
      'xt_mark 0',
    ]);
  });

  it('a chain that is named like an extension is a chain', () => {
    expect(save('-A INPUT -j mark\n-A INPUT -g mark')).toEqual(['xt_LOG 0', 'xt_comment 0', 'xt_mark 0']);
    expect(save('-A INPUT -m mark --mark 1 -j mark')).toEqual(['xt_LOG 0', 'xt_comment 0', 'xt_mark 1']);
  });
});
