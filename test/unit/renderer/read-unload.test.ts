import { expect, test } from 'vitest';
import { readUnload } from '../../../renderer/present/read-unload.ts';

test.each([
  ['modprobe -r vkms', ['vkms']],
  ['sudo modprobe -r vkms', ['vkms']],
  ['sudo -n modprobe -rv snd-dummy', ['snd_dummy']],
  ['pkexec /usr/sbin/modprobe --remove vkms drm', ['vkms', 'drm']],
  ['modprobe -v -r vkms', ['vkms']],
  ['doas rmmod vkms', ['vkms']],
  ['rmmod -v vkms', ['vkms']],
  ['systemctl stop gdm && sudo modprobe -r vkms', ['vkms']],
])('%s tries to unload %j', (line, modules) => {
  expect(readUnload(line)).toEqual(modules);
});

test.each([
  '',
  'modprobe vkms',
  'modprobe -n vkms',
  'lsmod | grep rmmod',
  'echo modprobe -r vkms',
  'modprobe -r',
  'rmmod',
  'modprobe -r vkms; true',
  'modprobe -r $(cat list)',
  'man rmmod',
])('%j unloads nothing that anybody could tell', (line) => {
  expect(readUnload(line)).toEqual([]);
});
