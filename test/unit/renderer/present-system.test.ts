import { describe, expect, test } from 'vitest';
import { type TickedPlan, tickSteps } from '../../../renderer/holders/tick-steps.ts';
import { writeAge } from '../../../renderer/holders/write-age.ts';
import type { SortOrder } from '../../../renderer/modules/sort-heads.tsx';
import { type PresentKey, sortPresent, stucknessOf } from '../../../renderer/modules/sort-present.ts';
import type { ReleasePlan } from '../../../shared/analysis/present/present-accounting.ts';
import { writeForRoot } from '../../../shared/export/write-for-root.ts';
import { changeOf, followRefcounts } from '../../../shared/view-model/follow-refcounts.ts';
import type { PresentStanding } from '../../../shared/view-model/present-view.ts';

/** `drm 4 2 0`: refcount, of those by modules, and unexplained. */
function standing(line: string, facts: Partial<PresentStanding> = {}): PresentStanding {
  const [module, refcount, linked, unexplained] = line.split(' ');
  return {
    module: module!,
    size: 4096,
    refcount: refcount === '-' ? undefined : Number(refcount),
    linked: Number(linked ?? 0),
    probable: 0,
    unexplained: Number(unexplained ?? 0),
    usedBy: [],
    state: 'live',
    permanent: false,
    taints: '',
    raced: false,
    ...facts,
  };
}

const modules = [
  standing('usbcore 0', { permanent: true }),
  standing('tun 0'),
  standing('vkms 2'),
  standing('drm 6 3'),
  standing('soundcore 1 1'),
  standing('snd 7 3 1', { size: 126_976 }),
  standing('sctp 6 0 4'),
];
const sorted = (key: PresentKey, descending: boolean, search = '') =>
  sortPresent(modules, search, { key, descending } satisfies SortOrder<PresentKey>).map(({ module }) => module);

describe('the modules that are loaded now', () => {
  test('stuck ones first: unexplained, held by more than modules, held by modules, permanent, free', () => {
    expect(sorted('stuck', true)).toEqual(['sctp', 'snd', 'drm', 'vkms', 'soundcore', 'usbcore', 'tun']);
    expect(sorted('stuck', false)[0]).toBe('tun');
  });
  test('by any other column, those of equal rank by name', () => {
    expect(sorted('name', false)).toEqual(['drm', 'sctp', 'snd', 'soundcore', 'tun', 'usbcore', 'vkms']);
    expect(sorted('size', true)).toEqual(['snd', 'drm', 'sctp', 'soundcore', 'tun', 'usbcore', 'vkms']);
    expect(sorted('references', true).slice(0, 3)).toEqual(['snd', 'drm', 'sctp']);
  });
  test('only those whose name has all the words', () =>
    expect(sorted('stuck', true, 'S c')).toEqual(['sctp', 'soundcore', 'usbcore']));
  test('what is explained only probably is told apart, and holds as much as what is explained', () => {
    const guessed = standing('wacom 1', { probable: 1 });
    expect(stucknessOf(guessed)).toBe('probable');
    const order = sortPresent([...modules, guessed], '', { key: 'stuck', descending: true });
    expect(order.map(({ module }) => module).slice(2, 5)).toEqual(['drm', 'vkms', 'wacom']);
  });
  test('a kernel that counts nothing unloads nothing', () => expect(stucknessOf(standing('ext4 -'))).toBe('permanent'));
});

describe('refcounts since the first look', () => {
  const look = (...lines: string[]) => lines.map((line) => standing(line));
  test('a change stands beside the number, and goes when the number is back', () => {
    const first = followRefcounts(undefined, look('vkms 1', 'tun 0'));
    const second = followRefcounts(first, look('vkms 3', 'tun 0'));
    expect([changeOf(second.get('vkms')), changeOf(second.get('tun'))]).toEqual([2, 0]);
    const third = followRefcounts(second, look('vkms 1', 'tun 0'));
    expect(changeOf(third.get('vkms'))).toBe(0);
    expect(third.get('vkms')?.values).toEqual([1, 3, 1]);
  });
  test('a module that was loaded since has all its references since', () => {
    const after = followRefcounts(followRefcounts(undefined, look('tun 0')), look('tun 0', 'loop 3'));
    expect(changeOf(after.get('loop'))).toBe(3);
  });
  test('a module that was unloaded and loaded again is compared with the first look', () => {
    const first = followRefcounts(undefined, look('vkms 1', 'tun 0'));
    const gone = followRefcounts(first, look('tun 0'));
    expect(changeOf(followRefcounts(gone, look('vkms 1', 'tun 0')).get('vkms'))).toBe(0);
    expect(changeOf(followRefcounts(gone, look('vkms 3', 'tun 0')).get('vkms'))).toBe(2);
  });
  test('a look that shows the same keeps the same, and a long time keeps the last of it', () => {
    let changes = followRefcounts(undefined, look('vkms 0'));
    const same = followRefcounts(changes, look('vkms 0'));
    expect(same.get('vkms')).toBe(changes.get('vkms'));
    for (let refcount = 1; refcount <= 100; refcount++) changes = followRefcounts(changes, look(`vkms ${refcount}`));
    expect(changes.get('vkms')?.values.length).toBe(32);
    expect(changeOf(changes.get('vkms'))).toBe(100);
  });
});

describe('the plan', () => {
  const plan = (...reasons: string[]): ReleasePlan => ({
    module: 'drm',
    outcome: reasons.length === 0 ? 'free' : 'unloads',
    summary: '',
    handOvers: [],
    steps: reasons.map((reason) => ({
      module: 'drm',
      reason,
      alternatives: [{ title: 'Close it', command: undefined, consequence: '' }],
    })),
  });
  const told = ({ steps }: TickedPlan) => steps.map(({ step, done }) => `${done ? '✓' : '·'} ${step.reason}`);

  test('steps that are not necessary any more are ticked, in the order in which they were done', () => {
    const first = tickSteps(undefined, plan('logind has card0', 'Xorg has card0', 'vkms uses drm'));
    const second = tickSteps(first, plan('logind has card0', 'vkms uses drm'));
    expect(told(second)).toEqual(['✓ Xorg has card0', '· logind has card0', '· vkms uses drm']);
    expect(told(tickSteps(second, plan()))).toEqual(['✓ Xorg has card0', '✓ logind has card0', '✓ vkms uses drm']);
  });
  test('what came back is not done', () => {
    const done = tickSteps(tickSteps(undefined, plan('vkms uses drm')), plan());
    expect(told(tickSteps(done, plan('vkms uses drm')))).toEqual(['· vkms uses drm']);
  });
  test('a step whose command stays is the same step, whatever else it is for by now', () => {
    const kill = (reason: string): ReleasePlan => {
      const made = plan(reason);
      const way = { title: 'End Xorg', command: 'kill 118', consequence: '' };
      return { ...made, steps: made.steps.map((step) => ({ ...step, alternatives: [way] })) };
    };
    const first = tickSteps(undefined, kill('fd 3 of Xorg'));
    const second = tickSteps(first, kill('fd 3 of Xorg; fd 9 of Xorg'));
    expect(told(second)).toEqual(['· fd 3 of Xorg; fd 9 of Xorg']);
    expect(second.steps[0]!.key).toBe(first.steps[0]!.key);
  });
  test('two alike are two', () => {
    const two = tickSteps(undefined, plan('a file', 'a file'));
    expect(told(tickSteps(two, plan('a file')))).toEqual(['✓ a file', '· a file']);
  });
  test('what comes and goes does not gather', () => {
    let ticked = tickSteps(undefined, plan());
    for (let i = 0; i < 100; i++) ticked = tickSteps(ticked, plan(`process ${i}`));
    expect(ticked.steps.length).toBeLessThan(20);
  });
});

describe('a command for the terminal', () => {
  test.each([
    ['umount /mnt/usb', 'sudo umount /mnt/usb'],
    ["umount '/mnt/my stick'", "sudo umount '/mnt/my stick'"],
    ["umount $'/mnt/\\x1b[2J'", "sudo umount $'/mnt/\\x1b[2J'"],
    [
      'systemctl stop a.service && systemctl stop b.service',
      "sudo sh -c 'systemctl stop a.service && systemctl stop b.service'",
    ],
    ['echo 0 > /sys/class/vtconsole/vtcon1/bind', "sudo sh -c 'echo 0 > /sys/class/vtconsole/vtcon1/bind'"],
    ['systemctl --user stop pipewire.service', 'systemctl --user stop pipewire.service'],
  ])('%s', (command, expected) => expect(writeForRoot(command)).toBe(expected));
});

test('how long something has been there', () => {
  expect([4, 59.9, 60, 3_599, 3_660, 172_799, 172_800, -5].map(writeAge)).toEqual([
    '4 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h 01 min',
    '47 h 59 min',
    '2 days',
    '0 s',
  ]);
});
