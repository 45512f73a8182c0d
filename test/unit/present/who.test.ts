import { expect, it } from 'vitest';
import { containerOf, isUserUnit, unitOf } from '../../../shared/analysis/present/name-process.ts';

const hex = '1a2b3c4d5e6f'.padEnd(64, '0');

it.each([
  ['0::/system.slice/gdm.service', 'gdm.service', undefined],
  ['0::/user.slice/user-1000.slice/session-2.scope', 'session-2.scope', undefined],
  [
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-123.scope',
    'app-firefox-123.scope',
    undefined,
  ],
  [`0::/system.slice/docker-${hex}.scope`, `docker-${hex}.scope`, 'docker:1a2b3c4d5e6f'],
  [`0::/machine.slice/libpod-${hex}.scope/container`, `libpod-${hex}.scope`, 'podman:1a2b3c4d5e6f'],
  [
    `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${hex}.scope`,
    `cri-containerd-${hex}.scope`,
    'k8s:1a2b3c4d5e6f',
  ],
  [`0::/kubepods/besteffort/pod1/${hex}`, undefined, 'k8s:1a2b3c4d5e6f'],
  ['0::/lxc.payload.web/system.slice/nginx.service', 'nginx.service', 'lxc:web'],
  ['0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope', 'machine-qemu\\x2d1\\x2dvm.scope', 'machine:qemu-1-vm'],
  ['0::/', undefined, undefined],
  ['12:pids:/docker/x\n1:name=systemd:/system.slice/cron.service', 'cron.service', undefined],
])('tells from %s the unit and the container', (text, unit, container) => {
  const cgroups = text.split('\n');
  expect([unitOf(cgroups), containerOf(cgroups)]).toEqual([unit, container]);
});

it('knows units of a user’s own systemd from those of the system', () => {
  expect(isUserUnit(['0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service'])).toBe(true);
  expect(isUserUnit(['0::/system.slice/a.service'])).toBe(false);
});
