import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { containerOf, isUserUnit, unitOf } from '../../../shared/analysis/present/name-process.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { ProcessFact, SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';

const plan = (snapshot: SystemSnapshot, module: string) => planRelease(accountForPresent(snapshot), snapshot, module);

/** Ways to make one holder of a module let go, with what they bring. */
function waysFor(holder: ProcessFact, others: readonly ProcessFact[] = [], asker?: number) {
  const snapshot = makeSnapshot({
    asker,
    modules: [loaded('testmod 1')],
    processes: [holder, ...others],
    devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
    openFiles: [opened(`${holder.pid}/3 c10:120 /dev/testmod`)],
  });
  return plan(snapshot, 'testmod').steps[0]!.alternatives.map(({ command, consequence }) => [command, consequence]);
}

const LOST = 'what it has not saved is lost';
const OWN = 'ModShark, which runs under it, ends too';

describe('what ends with a program is said before', () => {
  it('logins, the network, tunnels, machines, terminals', () => {
    const told = (comm: string, unit: string) => waysFor(running(`50 ${comm}`, `/system.slice/${unit}`));
    const ssh = 'logins over SSH end, and yours may be one of them';
    expect(told('sshd', 'ssh.service')).toEqual([
      ['systemctl stop ssh.service', ssh],
      ['kill 50', `${LOST}; ${ssh}; systemd may start it again`],
    ]);
    const network = 'the network may go down, and every login over it';
    expect(told('NetworkManager', 'NetworkManager.service')[0]![1]).toBe(network);
    expect(told('systemd-network', 'systemd-networkd.service')[0]![1]).toBe(network);
    expect(told('agetty', 'getty@tty1.service')[0]![1]).toBe('the login at a console ends');
    expect(told('openvpn', 'openvpn-client@home.service')[0]![1]).toMatch(/its tunnels go down/);
    expect(told('qemu-system-x86', 'vm.service')[0]![1]).toBe('the virtual machine is switched off');
    expect(waysFor(running('50 tmux:')).at(-1)![1]).toBe(`${LOST}; every program in it ends`);
    expect(told('gpsd', 'gpsd.service')[0]).toEqual(['systemctl stop gpsd.service', '']);
  });

  it('a shell that somebody types into ends with SIGHUP: it ignores SIGTERM', () => {
    expect(waysFor(running('50 bash')).at(-1)).toEqual([
      'kill -HUP 50',
      `${LOST}; what runs in the shell may end with it`,
    ]);
  });

  it('ModShark itself, the shell that it was started in, and the login', () => {
    const scope = '/user.slice/user-1000.slice/session-2.scope';
    const line = [
      running('40 sshd', '/system.slice/ssh.service'),
      running('50 zsh', scope, { parent: 40 }),
      running('60 node', scope, { parent: 50 }),
      running('61 sudo', scope, { parent: 60 }),
    ];
    for (const pid of [50, 60, 61]) {
      const holder = line.find((one) => one.pid === pid)!;
      const ways = waysFor(
        holder,
        line.filter((one) => one !== holder),
        61,
      );
      expect(ways[1]).toEqual(['loginctl terminate-session 2', `ends every program of that login; ${OWN}`]);
      expect(ways.at(-1)![1]).toMatch(new RegExp(`${OWN}$`));
    }
    expect(waysFor(line[0]!, line.slice(1), 61)[0]![1]).toMatch(new RegExp(`SSH end.*; ${OWN}$`));
    // Another login is not one’s own.
    const other = running('70 vim', '/user.slice/user-1000.slice/session-3.scope', { parent: 1 });
    expect(waysFor(other, line, 61).flat().join()).not.toContain('ModShark');
  });

  it('the other processes of ModShark’s window, and no program that was started in it', () => {
    const electron = { executable: '/opt/modshark/electron' };
    const line = [
      running('60 electron', '/', electron),
      running('61 electron', '/', { ...electron, parent: 60 }),
      running('63 bash', '/', { parent: 60 }),
      running('64 electron', '/', { ...electron, parent: 63 }),
    ];
    const drawing = running('62 electron', '/', { ...electron, parent: 61 });
    expect(waysFor(drawing, line, 60).at(-1)).toEqual(['kill 62', `${LOST}; ${OWN}`]);
    for (const other of line.slice(2))
      expect(
        waysFor(
          other,
          line.filter((one) => one !== other),
          60,
        ).at(-1)![1],
      ).not.toContain('ModShark');
  });

  it('a container of a user is in no list of the system’s', () => {
    const hex = 'ab'.repeat(32);
    const manager = '/user.slice/user-1000.slice/user@1000.service/user.slice';
    const [, way] = waysFor(running('50 app', `${manager}/docker-${hex}.scope`, { user: 1000 }));
    expect(way).toEqual([`systemctl --user stop docker-${hex}.scope`, 'ends everything in it; for user 1000 to run']);
  });
});

describe('many processes', () => {
  const share = (processes: readonly ProcessFact[]) =>
    makeSnapshot({
      modules: [loaded('testmod 1')],
      processes,
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      openFiles: [opened(`${processes.map(({ pid }) => `${pid}/3`).join(',')} c10:120 /dev/testmod`)],
    });

  it('that were forked with one open file are stopped at once, and found out about as fast', () => {
    const forked = Array.from({ length: 10_000 }, (_, n) => running(`${50 + n} worker`, '/system.slice/farm.service'));
    const ways = plan(share(forked), 'testmod').steps[0]!.alternatives.map(({ command }) => command);
    expect(ways).toEqual(['systemctl stop farm.service']);
  }, 5_000);

  it('of two users’ units of one name are two, which nobody stops with one command', () => {
    const of = (pid: number, user: number) =>
      running(`${pid} player`, `/user.slice/user-${user}.slice/user@${user}.service/app.slice/player.service`, {
        user,
      });
    const [, both] = plan(share([of(50, 1000), of(60, 1001)]), 'testmod').steps[0]!.alternatives;
    expect(both).toMatchObject({
      title: 'Stop player.service',
      command: undefined,
      consequence: 'for user 1000 to run; for user 1001 to run',
    });
  });

  it('of a user’s own machine are none of the system’s, whatever it is called', () => {
    const scope = '/user.slice/user-1000.slice/user@1000.service/machine-qemu\\x2d3\\x2dmine.scope';
    const ways = plan(share([running('50 qemu-system-x86', scope, { user: 1000 })]), 'testmod').steps[0]!.alternatives;
    expect(ways.map(({ command = '' }) => command)).not.toContain('virsh shutdown 3');
    expect(ways[1]).toMatchObject({ consequence: 'ends everything in it; for user 1000 to run' });
  });
});

describe('a unit', () => {
  it('is what systemd made, not what somebody in it calls a folder of theirs', () => {
    const named = (path: string) => [unitOf([`0::${path}`]), isUserUnit([`0::${path}`])];
    expect(named('/system.slice/worker.service/ssh.service')).toEqual(['worker.service', false]);
    expect(named('/system.slice/worker.service/user@0.service/ssh.service')).toEqual(['worker.service', false]);
    expect(named('/user.slice/user-1000.slice/user@1000.service/app.slice/a.scope/ssh.service')).toEqual([
      'a.scope',
      true,
    ]);
    expect(named('/user.slice/user-1000.slice/user@1000.service')).toEqual(['user@1000.service', false]);
    expect(named('/user.slice/user-1000.slice/user@1000.service/*.service')).toEqual([undefined, true]);
    expect(containerOf(['0::/system.slice/worker.service'])).toBeUndefined();
  });
});

describe('what goes with a module is said', () => {
  it('network interfaces, and the logins over them', () => {
    const card = makeSnapshot({
      modules: [loaded('e1000e 0'), loaded('mdio 1 e1000e')],
      texts: { '/sys/class/net/eth0/device/driver/module': '../../../../module/e1000e\n' },
    });
    expect(plan(card, 'e1000e').summary).toBe(
      'Nothing holds e1000e: modprobe -r e1000e unloads it. With it, the network interface eth0 goes, and every login over it.',
    );
    expect(plan(card, 'mdio').steps[0]!.alternatives[0]).toEqual({
      title: 'Unload e1000e',
      command: 'modprobe -r e1000e',
      consequence: 'the network interface eth0 goes, and every login over it',
    });
  });

  it('keyboards and mice', () => {
    const usb = makeSnapshot({ modules: [loaded('usbhid 0', { drivers: ['usb:usbhid'] })] });
    expect(plan(usb, 'usbhid').summary).toMatch(/With it, keyboards and mice that it serves stop working; devices of/);
  });

  it('disks that nothing counts, and what is mounted on them', () => {
    const machine = makeSnapshot({
      modules: [loaded('virtio_pci 0'), loaded('virtio_blk 2'), loaded('xhci_pci 0'), loaded('sd_mod 1')],
      superblocks: [
        mounted('253:0 ext4 /dev/mapper/root /'),
        mounted('254:1 vfat /dev/vda1 /boot/efi'),
        mounted('8:1 ext4 /dev/sda1 /mnt/stick'),
      ],
      blockDevices: [
        disk('dm-0 253:0', { mapperName: 'root', slaves: ['vda2'] }),
        disk('vda 254:0', {
          partitions: [
            { name: 'vda1', device: '254:1' },
            { name: 'vda2', device: '254:2' },
          ],
          driverModules: ['virtio_blk', 'virtio_pci'],
        }),
        disk('sda 8:0', {
          partitions: [{ name: 'sda1', device: '8:1' }],
          driverModules: ['sd_mod', 'usb_storage', 'usbcore', 'xhci_pci'],
        }),
      ],
    });
    expect(plan(machine, 'virtio_pci').summary).toBe(
      'Nothing holds virtio_pci: modprobe -r virtio_pci unloads it. With it, the disks vda, dm-0 go, torn from under what is mounted on /, /boot/efi: the system runs from it.',
    );
    expect(plan(machine, 'xhci_pci').summary).toMatch(
      /the disk sda goes, torn from under what is mounted on \/mnt\/stick; everything on its USB goes/,
    );
    // What the steps unmount is torn from under nobody.
    expect(plan(machine, 'sd_mod').summary).toBe(
      'After this step modprobe -r sd_mod succeeds. With it, the disk sda goes.',
    );
  });

  it('no single device is taken from a driver that the system runs from', () => {
    const folder = '/sys/bus/pci/drivers/nvme';
    const nvme = (path: string) =>
      plan(
        makeSnapshot({
          modules: [loaded('nvme 1', { drivers: ['pci:nvme'] })],
          superblocks: [mounted(`259:1 ext4 /dev/nvme0n1p1 ${path}`)],
          blockDevices: [
            disk('nvme0n1 259:0', { partitions: [{ name: 'nvme0n1p1', device: '259:1' }], driverModule: 'nvme' }),
          ],
          texts: { [folder]: '0000:01:00.0\nbind\n' },
        }),
        'nvme',
      );
    expect(nvme('/mnt').handOvers).toHaveLength(1);
    expect(nvme('/')).toMatchObject({ outcome: 'reboot', handOvers: [] });
  });

  it('places that everything depends on', () => {
    const var_ = makeSnapshot({ modules: [loaded('xfs 1')], superblocks: [mounted('8:3 xfs /dev/sda3 /var')] });
    expect(plan(var_, 'xfs').steps[0]!.alternatives[0].consequence).toMatch(/what services keep are out of reach/);
  });
});
