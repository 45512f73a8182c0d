import { expect, test } from 'vitest';
import { releaseCommands } from '../../../renderer/holders/release-commands.ts';
import type { HolderAccount } from '../../../shared/analysis/accounting.ts';

const holder = (fields: Partial<HolderAccount>): HolderAccount => ({
  kind: 'task',
  name: 'systemd-logind',
  pid: 545,
  references: 1,
  noun: 'file',
  callSite: 'drm_stub_open',
  since: 0,
  until: undefined,
  confidence: 'high',
  evidence: '',
  meaning: '',
  release: '',
  lines: [],
  alsoHolds: [],
  holds: [],
  ...fields,
});
const commandsOf = (fields: Partial<HolderAccount>) => releaseCommands(holder(fields)).map(({ command }) => command);

test('a task is looked at, never killed', () => {
  expect(commandsOf({})).toEqual(['systemctl status 545', 'sudo ls -l /proc/545/fd']);
});

test('a module is unloaded first, a mount is looked for', () => {
  expect(commandsOf({ kind: 'module', name: 'vkms', pid: undefined })).toEqual(['sudo modprobe -r vkms']);
  expect(commandsOf({ kind: 'mount', name: 'ext4', pid: undefined })).toEqual(['findmnt -t ext4']);
});

test.each(['x; rm -rf /', '$(reboot)', '-rf', 'a b', '', '`id`', 'nasty na:me [x]', 'a\nb'])(
  'no command is made of the name %j',
  (name) => {
    expect(commandsOf({ kind: 'module', name, pid: undefined })).toEqual([]);
    expect(commandsOf({ kind: 'mount', name, pid: undefined })).toEqual([]);
  },
);

test('the idle task and an unknown one get no command', () => {
  expect(commandsOf({ pid: 0 })).toEqual([]);
  expect(commandsOf({ pid: undefined })).toEqual([]);
});
