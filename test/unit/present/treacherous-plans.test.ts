import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { quoteShell } from '../../../shared/analysis/present/quote-shell.ts';
import { whyText } from '../../../shared/export/why-text.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';

const plan = (snapshot: SystemSnapshot, module: string) => planRelease(accountForPresent(snapshot), snapshot, module);
const firsts = (snapshot: SystemSnapshot, module: string) =>
  plan(snapshot, module).steps.map(({ alternatives: [{ title, command }] }) => command ?? title);
const shells = ['bash', 'dash', 'zsh', 'fish'].filter((name) =>
  ['/bin', '/usr/bin'].some((folder) => existsSync(`${folder}/${name}`)),
);

/** The words that a command prints, each with a NUL behind it. */
function read(shell: string, line: string): readonly string[] {
  const { stdout } = spawnSync(shell, ['-c', line], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
  });
  expect(stdout).not.toMatch(/(^|\n)owned$/m);
  return stdout.split('\0').slice(0, -1);
}

const nasty = [
  '$(reboot)',
  '`reboot`',
  "it's",
  "'; echo owned; '",
  "\\'; echo owned; #",
  '\\',
  'ends\\',
  "a\nb'; echo owned #",
  "\u202e'; echo owned #",
  "\u200b\\'; echo owned #",
  '=ls',
  '~root',
  '*',
  '!!',
  '-rf',
  'ä ö',
  '%1',
  '',
];

describe('a word in a command', () => {
  it.each(shells)('is one word to %s, and nothing in it is run', (shell) => {
    const letters = fc.constantFrom(...`'"\\$\`;|&<>(){}[]*?~!#=%-  \t\nabx27\u202e\u00a0é`);
    const words = fc.sample(fc.string({ unit: letters, maxLength: 12 }), { numRuns: 60, seed: 7 });
    const command = (word: string) => `printf '%s\\0' ${quoteShell(word)} end`;
    const all = [...nasty, ...words];
    // What dash does not know is another word, what fish does not know is an error; never two, and never a command.
    const odd = shell === 'fish' ? all.filter((word) => quoteShell(word).startsWith('$')) : [];
    const seen = read(
      shell,
      all
        .filter((word) => !odd.includes(word))
        .map(command)
        .join('\n'),
    );
    const expected = all
      .filter((word) => !odd.includes(word))
      .map((word, at) => (shell === 'dash' && quoteShell(word).startsWith('$') ? seen[2 * at] : word));
    expect(seen).toEqual(expected.flatMap((word) => [word, 'end']));
    for (const word of odd.slice(0, 6)) expect(read(shell, command(word)), JSON.stringify(word)).toEqual([]);
  });

  it.each(nasty)('%j is printed as it must be typed', (name) => {
    const path = `/mnt/${name}`;
    const snapshot = makeSnapshot({
      modules: [loaded('ext4 1')],
      superblocks: [mounted('8:1 ext4 /dev/sda1 /', { mountPoints: [{ path, namespace: 1, pid: 1 }] })],
    });
    const accounts = accountForPresent(snapshot);
    const text = whyText(accounts[0]!, planRelease(accounts, snapshot, 'ext4'));
    const printed = text.split('\n').filter((line) => /^ {7}umount /.test(line));
    expect(printed).toEqual([`       umount ${quoteShell(path)}`]);
    expect(read('bash', printed[0]!.replace('umount', "printf '%s\\0'"))).toEqual([path]);
    // Beside the plan no command is told that escaping would have changed.
    for (const [, command] of text.matchAll(/let go: .*?: (umount .*)$/gm)) expect(command).not.toContain('\\');
  });

  it('is no option, where a person may name a thing -f', () => {
    const named = makeSnapshot({
      modules: [loaded('dm_mod 1'), loaded('raid1 1')],
      blockDevices: [disk('dm-0 254:0', { mapperName: '-f' }), disk('md_$(reboot) 9:127', { raidLevel: 'raid1' })],
    });
    expect(firsts(named, 'dm_mod')).toEqual(["dmsetup remove -- '-f'"]);
    expect(firsts(named, 'raid1')).toEqual(["mdadm --stop '/dev/md_$(reboot)'"]);
  });
});

describe('a plan promises nothing that its steps do not do', () => {
  it('the disk of the root of the system stays, and so do its filesystem and driver', () => {
    const root = makeSnapshot({
      modules: [loaded('sd_mod 1'), loaded('ahci 1'), loaded('ext4 1')],
      superblocks: [mounted('8:1 ext4 /dev/sda1 /')],
      blockDevices: [disk('sda 8:0', { partitions: [{ name: 'sda1', device: '8:1' }], hostModule: 'ahci' })],
    });
    for (const module of ['sd_mod', 'ahci', 'ext4']) {
      const { outcome, summary, steps } = plan(root, module);
      expect([outcome, steps]).toEqual(['reboot', []]);
      expect(summary).toMatch(/It is the root of the system, which runs from it\.$/);
    }
  });

  it('process 1 and kernel threads on a mount are no one’s to end', () => {
    for (const stander of [running('1 systemd', '/init.scope'), running('40 nfsd', '/', { kernelThread: true })]) {
      const busy = makeSnapshot({
        modules: [loaded('ext4 1')],
        processes: [stander],
        superblocks: [
          mounted('8:1 ext4 /dev/sda1 /mnt', {
            standing: [{ pid: stander.pid, how: 'fd', link: '/mnt/x' }],
            standingCount: 1,
          }),
        ],
      });
      const { outcome, steps } = plan(busy, 'ext4');
      expect([outcome, steps.length]).toEqual(['unsure', 2]);
    }
  });

  it('what is built on a disk by something unknown is no promise', () => {
    const cached = makeSnapshot({
      modules: [loaded('sd_mod 1'), loaded('bcache 0')],
      blockDevices: [disk('sda 8:0'), disk('bcache0 250:0', { slaves: ['sda'] })],
    });
    expect(plan(cached, 'sd_mod').outcome).toBe('unsure');
  });

  it('a swap file is given up before its filesystem is unmounted', () => {
    const swapping = makeSnapshot({
      modules: [loaded('ext4 1')],
      superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt')],
      texts: { '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/mnt/my\\040swap file 100 0 -2\n' },
    });
    expect(firsts(swapping, 'ext4')).toEqual(["swapoff '/mnt/my swap'", 'umount /mnt']);
  });

  it('a unit frees nothing that a process outside of it shares', () => {
    const shared = makeSnapshot({
      modules: [loaded('testmod 1')],
      processes: [running('50 gpsd', '/system.slice/gpsd.service'), running('51 cat')],
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      openFiles: [opened('50/3,51/3 c10:120 /dev/testmod')],
    });
    const [step] = plan(shared, 'testmod').steps;
    expect(step!.alternatives.map(({ command }) => command)).toEqual([undefined, 'kill 50 51']);
  });

  it('says whose systemd is to stop a user’s unit', () => {
    const cgroup = '/user.slice/user-1000.slice/user@1000.service/app.slice/obs.service';
    const user = makeSnapshot({
      modules: [loaded('testmod 1')],
      processes: [running('50 obs', cgroup, { user: 1000 })],
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      openFiles: [opened('50/3 c10:120 /dev/testmod')],
    });
    expect(plan(user, 'testmod').steps[0]!.alternatives[1]).toMatchObject({
      command: 'systemctl --user stop obs.service',
      consequence: 'for user 1000 to run',
    });
  });
});

describe('mounts upon mounts', () => {
  it('what lies on the same place goes first: else that would be unmounted instead', () => {
    const covered = makeSnapshot({
      modules: [loaded('ext4 1'), loaded('overlay 1')],
      superblocks: [
        mounted('8:1 ext4 /dev/sda1 /mnt', {
          mountPoints: [{ path: '/mnt', namespace: 1, pid: 1, id: 30, parent: 1 }],
        }),
        mounted('0:44 overlay none /mnt', {
          mountPoints: [{ path: '/mnt', namespace: 1, pid: 1, id: 31, parent: 30 }],
        }),
      ],
    });
    const { steps } = plan(covered, 'ext4');
    expect(steps.map(({ alternatives: [{ command }], reason }) => [command, reason])).toEqual([
      ['umount /mnt', 'none (0:44, overlay) is mounted on /mnt'],
      ['umount /mnt', '/dev/sda1 (8:1, ext4) is mounted on /mnt'],
    ]);
  });

  it('a loop device that mount made ends with the mount', () => {
    const made = makeSnapshot({
      modules: [loaded('loop 2')],
      superblocks: [mounted('7:0 ext4 /dev/loop0 /mnt')],
      blockDevices: [disk('loop0 7:0', { backingFile: '/tmp/e.img' })],
      texts: { '/sys/block/loop0/loop/autoclear': '1\n' },
    });
    expect(firsts(made, 'loop')).toEqual(['umount /mnt']);
    expect(plan(made, 'loop').outcome).toBe('unloads');
  });
});

describe('mounts in other namespaces', () => {
  const there = { namespace: 99, pid: 812 };
  const here = { namespace: 1, pid: 1 };
  const both = (mountPoints: Parameters<typeof mounted>[1]) =>
    makeSnapshot({
      modules: [loaded('ext4 1')],
      processes: [running('812 nginx', '/', { namespaces: { mnt: 99, net: 2, pid: 3, user: 4 } })],
      superblocks: [mounted('8:1 ext4 /dev/sda1 /mnt', mountPoints)],
    });

  it('stay when the own one goes, and are unmounted there', () => {
    const copied = both({
      mountPoints: [
        { path: '/mnt', ...here },
        { path: '/data', ...there },
      ],
    });
    expect(plan(copied, 'ext4').steps[0]!.alternatives).toEqual([
      {
        title: 'Unmount /mnt, /data as nginx (812) sees it',
        command: 'umount /mnt && nsenter -t 812 -m umount /data',
        consequence: 'containers and services lose it too',
      },
    ]);
    const alone = both({ mountPoints: [{ path: '/data', ...there }] });
    expect(firsts(alone, 'ext4')).toEqual(['nsenter -t 812 -m umount /data']);
  });

  it('go with the own one where they are of its group', () => {
    for (const group of [{ shared: 5 }, { master: 5 }]) {
      const follows = both({
        mountPoints: [
          { path: '/mnt', ...here, shared: 5 },
          { path: '/mnt', ...there, ...group },
        ],
      });
      expect(firsts(follows, 'ext4')).toEqual(['umount /mnt']);
    }
  });

  it('the root of a container goes with those who are in it', () => {
    const container = both({
      mountPoints: [{ path: '/', ...there }],
      standing: [{ pid: 812, how: 'root', link: '/' }],
      standingCount: 1,
    });
    expect(plan(container, 'ext4')).toMatchObject({ outcome: 'unloads' });
    expect(plan(container, 'ext4').steps.map(({ alternatives }) => alternatives.at(-1)!.command)).toEqual(['kill 812']);
  });
});
