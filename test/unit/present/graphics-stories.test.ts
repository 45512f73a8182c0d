import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { whyText } from '../../../shared/export/why-text.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, loaded, makeSnapshot, opened, running } from '../../support/make-snapshot.ts';

const of = (snapshot: SystemSnapshot, module: string) =>
  accountForPresent(snapshot).find((accounting) => accounting.module === module)!;

const told = (snapshot: SystemSnapshot, module: string) =>
  of(snapshot, module).holders.map(({ name, references, confidence }) => `${references} ${name} ${confidence}`);

const printed = (snapshot: SystemSnapshot, module: string) => {
  const accounts = accountForPresent(snapshot);
  const plan = planRelease(accounts, snapshot, module);
  return { plan, text: whyText(accounts.find((one) => one.module === module)!, plan).split('\n') };
};

describe('a machine that is given a card', () => {
  const machine = {
    modules: [loaded('kvm 3 kvm_amd'), loaded('kvm_amd 5'), loaded('irqbypass 5 kvm,vfio_pci_core')],
    processes: [running('50 qemu-system-x86')],
    openFiles: [
      opened('50/5 - anon_inode:kvm-vm'),
      opened('50/6 - anon_inode:kvm-vcpu:0'),
      opened('50/7 - anon_inode:kvm-vfio'),
      opened('50/8 - anon_inode:[vfio-device]'),
      opened('50/9 - anon_inode:[vfio-device]'),
    ],
  };

  it('holds KVM by each device, where the machine knows of it, and has its processors and devices own their files, as of 6.7', () => {
    const now = makeSnapshot({ ...machine, kernel: '6.12.0', modules: [loaded('kvm 3 kvm_amd'), loaded('kvm_amd 3')] });
    expect(told(now, 'kvm')).toEqual(['1 kvm_amd certain', '2 qemu-system-x86 medium']);
    expect(told(now, 'kvm_amd')).toEqual(Array(3).fill('1 qemu-system-x86 certain'));
    const before = makeSnapshot({
      ...machine,
      kernel: '6.1.0',
      modules: [loaded('kvm 1 kvm_amd'), loaded('kvm_amd 1')],
    });
    expect([told(before, 'kvm'), told(before, 'kvm_amd')]).toEqual([
      ['1 kvm_amd certain'],
      ['1 qemu-system-x86 certain'],
    ]);
  });

  it('has a device by VFIO, which keeps a filesystem for all that are bound to it as of 6.11', () => {
    const modules = [loaded('vfio 2 vfio_pci_core')];
    const texts = { '/sys/bus/pci/drivers/vfio-pci': '0000:01:00.0\nbind\nmodule\nnew_id\nunbind' };
    const given = (kernel: string) => of(makeSnapshot({ modules, texts, kernel }), 'vfio').unexplained;
    expect([given('6.12.0'), given('6.1.0')]).toEqual([0, 1]);
    const unbound = { '/sys/bus/pci/drivers/vfio-pci': 'bind\nmodule\nnew_id\nunbind' };
    expect(of(makeSnapshot({ modules, texts: unbound, kernel: '6.12.0' }), 'vfio').unexplained).toBe(1);
  });

  it('is shut down by libvirt where that runs it, before it is ended', () => {
    const scope = '/machine.slice/machine-qemu\\x2d3\\x2dwin10.scope/libvirt/emulator';
    const processes = [running('50 qemu-system-x86', scope)];
    const { plan } = printed(makeSnapshot({ ...machine, processes, modules: [loaded('kvm_amd 1')] }), 'kvm_amd');
    expect(plan.steps.map(({ alternatives }) => alternatives.map(({ command, title }) => command ?? title))).toEqual([
      ['Close qemu-system-x86', 'virsh shutdown 3', 'kill 50'],
    ]);
  });

  it('has what is left of the references for interrupts, and none where there is no machine', () => {
    expect(told(makeSnapshot(machine), 'irqbypass').slice(2)).toEqual(['3 qemu-system-x86 medium']);
    expect(of(makeSnapshot({ modules: machine.modules }), 'irqbypass')).toMatchObject({ explained: 2, unexplained: 3 });
  });
});

describe('a card of virtio', () => {
  const virtio = {
    modules: [loaded('virtio_pci 0'), loaded('virtio_gpu 2'), loaded('drm_kms_helper 3 virtio_gpu')],
    processes: [running('50 gnome-shell'), running('51 fim')],
    devices: [
      device('c226:0 drm dri/card0', { driverModule: 'virtio_pci' }),
      device('c29:0 graphics fb0', { driverModule: 'virtio_pci' }),
    ],
    openFiles: [opened('50/3 c226:0 /dev/dri/card0'), opened('51/3 c29:0 /dev/fb0')],
    texts: { '/sys/class/graphics/fb0/name': 'virtio_gpudrmfb\n' },
  };

  it('hangs on the device of its bus, whose driver has no part in it', () => {
    const snapshot = makeSnapshot({ ...virtio, kernel: '6.1.0' });
    expect(of(snapshot, 'virtio_pci')).toMatchObject({ explained: 0, unexplained: 0, cautions: [] });
    expect(of(snapshot, 'virtio_gpu')).toMatchObject({ explained: 2, unexplained: 0, cautions: [] });
    expect(of(snapshot, 'drm_kms_helper')).toMatchObject({ explained: 3, unexplained: 0 });
  });

  it('has no client of a helper as of 6.11: what else holds that is not explained by one', () => {
    const modules = [loaded('virtio_gpu 2'), loaded('drm_shmem_helper 3 virtio_gpu')];
    const newer = makeSnapshot({ ...virtio, modules, kernel: '6.12.0' });
    expect(of(newer, 'drm_shmem_helper')).toMatchObject({ explained: 2, unexplained: 1 });
  });
});

describe('a console', () => {
  it('of two cards is drawn on one', () => {
    const texts = {
      '/sys/class/vtconsole/vtcon1/bind': '1\n',
      '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n',
      '/sys/class/graphics/fb0/name': 'bochs-drmdrmfb\n',
      '/sys/class/graphics/fb1/name': 'virtio_gpudrmfb\n',
    };
    const modules = [loaded('drm_kms_helper 5 bochs,virtio_gpu'), loaded('bochs 0'), loaded('virtio_gpu 0')];
    const both = makeSnapshot({ kernel: '6.1.0', modules, texts });
    expect(of(both, 'drm_kms_helper').arithmetic).toBe(
      'drm_kms_helper 5 = 2 modules + probably 1 console (vtcon1) + probably 1 DRM client (fb0) + probably 1 DRM client (fb1)',
    );
    expect(of(both, 'drm_kms_helper')).toMatchObject({ explained: 5, unexplained: 0, cautions: [] });
  });

  it('a card without one is a DRM device too', () => {
    const modules = [loaded('drm 2 vgem'), loaded('vgem 0')];
    const vgem = makeSnapshot({ modules, texts: { '/sys/class/drm': 'card0\nrenderD128\nversion' } });
    expect(of(vgem, 'drm')).toMatchObject({ explained: 2, unexplained: 0 });
  });
});

describe('buffers', () => {
  const head = '\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n';
  const listed = (exporter: string, inode: number, name = '<none>', importers: readonly string[] = []) =>
    `00016384\t00000002\t00080007\t00000002\t${exporter}\t${String(inode).padStart(8, '0')}\t${name}\n\tAttached Devices:\n${importers.map((one) => `\t${one}\n`).join('')}Total ${importers.length} devices attached\n\n`;
  const cards = [
    device('c226:0 drm dri/card0', { driverModule: 'i915', path: '/sys/devices/pci0000:00/0000:00:02.0/drm/card0' }),
    device('c226:1 drm dri/card1', { driverModule: 'amdgpu', path: '/sys/devices/pci0000:00/0000:01:00.0/drm/card1' }),
  ];
  const path = '/sys/kernel/debug/dma_buf/bufinfo';

  it('that only handles keep are those of the one program that has such cards open', () => {
    const shared = makeSnapshot({
      modules: [loaded('i915 3'), loaded('amdgpu 1')],
      processes: [running('50 gnome-shell')],
      devices: cards,
      openFiles: [opened('50/3 c226:1 /dev/dri/card1'), opened('50/4 c226:0 /dev/dri/card0')],
      texts: { [path]: head + listed('i915', 7, 'a', ['0000:01:00.0']) + listed('i915', 8) },
    });
    expect(told(shared, 'i915')).toEqual(['1 gnome-shell certain', '2 gnome-shell medium']);
    expect(printed(shared, 'i915').plan).toMatchObject({ outcome: 'unloads', steps: [{}] });
  });

  it('that handles of several programs may keep are nobody’s in particular, and go with all of them', () => {
    const shared = makeSnapshot({
      modules: [loaded('amdgpu 3')],
      processes: [running('50 gnome-shell'), running('51 firefox')],
      devices: cards,
      openFiles: [opened('50/3 c226:1 /dev/dri/card1'), opened('51/3 c226:1 /dev/dri/card1')],
      texts: { [path]: head + listed('drm', 7) },
    });
    expect(told(shared, 'amdgpu')).toEqual(['1 gnome-shell certain', '1 firefox certain', '1 buffers medium']);
    expect(printed(shared, 'amdgpu').plan.steps.map(({ alternatives: [{ title }] }) => title)).toHaveLength(2);
    expect(printed(shared, 'amdgpu').plan.outcome).toBe('unloads');
  });

  it('in memory alone are of who maps them', () => {
    const mapped = makeSnapshot({
      modules: [loaded('i915 1')],
      processes: [running('50 mpv')],
      mappings: [{ pid: 50, link: '/dmabuf:', device: undefined, filesystem: '0:12', inode: 7 }],
      texts: { [path]: head + listed('i915', 7) },
    });
    expect(told(mapped, 'i915')).toEqual(['1 mpv high']);
  });

  it('of many names are no more than there are: a name is no line', () => {
    const name = 'x\n00016384\t2\t7\t1\ti915\t9\ty'.slice(0, 31);
    const modules = [loaded('i915 9')];
    const named = makeSnapshot({ modules, texts: { [path]: head + listed('i915', 7, name) } });
    expect(of(named, 'i915')).toMatchObject({ explained: 1, unexplained: 8 });
  });
});

describe('one device of a driver', () => {
  const facts = {
    modules: [loaded('amdgpu 1', { drivers: ['pci:amdgpu'] })],
    processes: [running('50 gnome-shell')],
    devices: [device('c226:1 drm dri/card1', { driverModule: 'amdgpu' })],
    openFiles: [opened('50/3 c226:1 /dev/dri/card1')],
    texts: { '/sys/bus/pci/drivers/amdgpu': '0000:03:00.0\nbind\nmodule\n0000:0a:00.0\nnew_id\nunbind\nuevent' },
  };

  it('can be taken from it after the steps, and the module stays', () => {
    const { plan, text } = printed(makeSnapshot(facts), 'amdgpu');
    expect(plan.handOvers.map(({ command }) => command)).toEqual([
      'echo 0000:03:00.0 > /sys/bus/pci/drivers/amdgpu/unbind',
      'echo 0000:0a:00.0 > /sys/bus/pci/drivers/amdgpu/unbind',
    ]);
    expect(text.slice(-4, -1)).toEqual([
      '  Or, in place of unloading it, take one device from it:',
      '       echo 0000:03:00.0 > /sys/bus/pci/drivers/amdgpu/unbind   (the device does nothing until a driver is bound to it)',
      '       or: echo 0000:0a:00.0 > /sys/bus/pci/drivers/amdgpu/unbind   (the device does nothing until a driver is bound to it)',
    ]);
  });

  it('is not torn from users who are not known', () => {
    const modules = [loaded('amdgpu 2', { drivers: ['pci:amdgpu'] })];
    const { plan } = printed(makeSnapshot({ ...facts, modules }), 'amdgpu');
    expect([plan.outcome, plan.handOvers]).toEqual(['unsure', []]);
  });

  it('has an address that the kernel gave, and no other text is in the command', () => {
    const texts = { '/sys/bus/pci/drivers/amdgpu': '0000:03:00.0; reboot\n$(reboot)\n0000:03:00.9\n' };
    expect(printed(makeSnapshot({ ...facts, texts }), 'amdgpu').plan.handOvers).toEqual([]);
  });
});
