import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWhy, type WhySystem } from '../../../electron/cli/why.ts';
import type { WhyAnswer } from '../../../shared/export/why-json.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';
import { vkmsRecording } from '../../support/project-paths.ts';

const card = device('c226:0 drm dri/card0', { path: '/sys/devices/platform/vkms/drm/card0' });
const held = makeSnapshot({
  modules: [loaded('drm 3 vkms'), loaded('vkms 1'), loaded('dummy 0'), loaded('stuck 2')],
  processes: [running('545 systemd-logind', '/system.slice/systemd-logind.service')],
  devices: [card],
  openFiles: [opened('545/7 c226:0 /dev/dri/card0')],
});

const why = (argv: readonly string[], ...snapshots: readonly SystemSnapshot[]) => whyIn({}, argv, ...snapshots);

async function whyIn(
  { isRoot = true, ...terminal }: { readonly columns?: number; readonly isRoot?: boolean },
  argv: readonly string[],
  ...snapshots: readonly SystemSnapshot[]
) {
  let stdout = '';
  let stderr = '';
  const looks: string[] = [];
  let closed = false;
  const system: WhySystem = {
    async take(way) {
      looks.push(way);
      return { ok: true, snapshot: snapshots[Math.min(looks.length, snapshots.length) - 1] ?? held };
    },
    knows: (module) => (({ ext4: 'built-in', vfat: 'installed' }) as const)[module],
    isRoot,
    boot: () => 'this-boot',
    close: () => {
      closed = true;
    },
  };
  const streams = {
    stdout: { write: (text: string) => (stdout += text), ...terminal },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const exit = await runWhy(argv, streams, system);
  return { exit, stdout, stderr, looks, closed };
}

describe('modshark why MODULE', () => {
  it('says who holds it, why, and what to do, and leaves with 1', async () => {
    const { exit, stdout, stderr, looks, closed } = await why(['vkms']);
    expect(stdout).toBe(`vkms: live, 1 explained, 0 unexplained
  vkms 1 = 1 file of systemd-logind.service
  - 1 reference: systemd-logind (545), /dev/dri/card0
      file: A program has a device of the drm subsystem open, and one that is open keeps what serves it loaded.
      who: systemd-logind (545), /usr/bin/systemd-logind, user 0, systemd-logind.service, started 6 s after boot
      why: fd 7 of systemd-logind (545) is /dev/dri/card0 (226:0)
      sure: high: the kernel shows it now, and the module follows from a name
      let go: Leave the graphical session: systemctl isolate multi-user.target
To unload it: After this step modprobe -r vkms succeeds.
  1. Leave the graphical session: fd 7 of systemd-logind (545) is /dev/dri/card0 (226:0)
       systemctl isolate multi-user.target   (ends the graphical session and every program in it)
       or: kill 545   (ends the graphical session and every program in it; systemd may start it again)
`);
    expect({ exit, stderr, looks, closed }).toEqual({ exit: 1, stderr: '', looks: ['user'], closed: true });
  });

  it('leaves with 0 where it is free and with 2 where not everything is explained', async () => {
    expect((await why(['dummy'])).exit).toBe(0);
    expect((await why(['dummy'])).stdout).toMatch(/Nothing holds dummy: modprobe -r dummy unloads it/);
    const { exit, stdout } = await why(['stuck']);
    expect([exit, /2 unexplained/.test(stdout)]).toEqual([2, true]);
  });

  it('leaves with 3 where there is nothing to look at, and says what that means', async () => {
    const absent = await why(['vkm']);
    expect([absent.exit, absent.stderr]).toEqual([
      3,
      'modshark why: no module named vkm is loaded. Is it vkms, drm?\n',
    ]);
    const builtIn = await why(['ext4']);
    expect([builtIn.exit, builtIn.stderr]).toEqual([
      3,
      'modshark why: ext4 is built into the kernel: it cannot be unloaded, and nothing counts who uses it.\n',
    ]);
    const installed = await why(['vfat']);
    expect([installed.exit, installed.stderr]).toEqual([
      3,
      'modshark why: vfat is installed but not loaded: nothing holds it.\n',
    ]);
    const none = await why([], makeSnapshot({}));
    expect([none.exit, none.stdout]).toEqual([3, '']);
    const misuse = await why(['a', 'b']);
    expect([misuse.exit, misuse.looks]).toEqual([3, []]);
  });

  it('takes dashes for underscores, as modprobe does', async () => {
    const snapshot = makeSnapshot({ modules: [loaded('snd_dummy 0')] });
    expect((await why(['snd-dummy'], snapshot)).exit).toBe(0);
  });

  it('looks again while the count changes under it', async () => {
    const raced = makeSnapshot({ modules: [loaded('vkms 1', { refcountAfter: 2 })] });
    const { looks, stdout } = await why(['vkms'], raced, raced, held);
    expect(looks).toHaveLength(3);
    expect(stdout).toMatch(/1 explained, 0 unexplained/);
    const always = await why(['vkms'], raced);
    expect(always.looks).toHaveLength(4);
    expect(always.stdout).toMatch(/! Its count changed from 1 to 2/);
  });

  it('looks again by whatever name it was asked', async () => {
    const raced = makeSnapshot({ modules: [loaded('snd_dummy 1', { refcountAfter: 2 })] });
    const still = makeSnapshot({ modules: [loaded('snd_dummy 0')] });
    expect(await why(['snd-dummy'], raced, still)).toMatchObject({ exit: 0, looks: ['user', 'user'] });
  });

  it('writes commands so that whoever reads them can type them', async () => {
    const console = makeSnapshot({
      modules: [loaded('simplefb 1')],
      texts: {
        '/sys/class/vtconsole/vtcon1/name': '(M) frame buffer device\n',
        '/sys/class/vtconsole/vtcon1/bind': '1\n',
        '/sys/class/graphics/fb0/name': 'simplefb\n',
      },
    });
    const commandOf = ({ stdout }: { stdout: string }) => /^ {7}(.*?) {3}\(/m.exec(stdout)?.[1];
    expect(commandOf(await why(['simplefb'], console))).toBe('echo 0 > /sys/class/vtconsole/vtcon1/bind');
    expect(commandOf(await whyIn({ isRoot: false }, ['simplefb'], console))).toBe(
      "sudo sh -c 'echo 0 > /sys/class/vtconsole/vtcon1/bind'",
    );
  });

  it('asks for rights where it is told to', async () => {
    expect((await why(['vkms', '--root'])).looks).toEqual(['root']);
    expect((await why(['vkms', '--pkexec'])).looks).toEqual(['root']);
  });

  it('puts a recording beside it', async () => {
    const later = { ...held, began: 10n ** 15n, ended: 10n ** 15n };
    const { exit, stdout, stderr } = await why(['vkms', '--recording', vkmsRecording], later);
    expect([exit, /does not say which start/.test(stderr)]).toEqual([1, true]);
    expect(stdout).toMatch(/why: recorded: Taken by systemd-logind-545 .* via drm_stub_open/);
    const missing = await why(['vkms', '--recording', '/nowhere']);
    expect([missing.exit, missing.looks]).toEqual([3, []]);
  });

  it('takes no recording of another start of the machine, or of another machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why-'));
    const write = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const text = readFileSync(vkmsRecording, 'latin1');
    const other = await why(['vkms', '--recording', write('other', `# clock: mono\n# boot: another-boot\n${text}`)]);
    const ahead = await why(['vkms', '--recording', write('ahead', text.replaceAll(/ (\d+\.\d{6}): /g, ' 9$1: '))]);
    rmSync(folder, { recursive: true });
    expect([other.exit, other.stdout, other.looks]).toEqual([3, '', []]);
    expect(other.stderr).toMatch(/was recorded before this system was started: it says nothing of now/);
    expect([ahead.exit, ahead.stdout]).toEqual([3, '']);
    expect(ahead.stderr).toMatch(/ends \d+ s after now/);
  });

  it('lets no name do anything to the terminal', async () => {
    const evil = 'x\u001b]0;owned\u0007\n‮';
    const snapshot = makeSnapshot({
      ...held,
      processes: [{ ...running('545 x'), comm: evil, executable: evil, cgroups: [`0::/${evil}.service`] }],
      devices: [card],
      texts: {},
      superblocks: [mounted('7:0 ext4 /dev/loop0 /mnt', { source: evil })],
    });
    for (const argv of [['vkms'], [], ['drm']]) {
      const { stdout } = await why(argv, snapshot);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  it('wraps words in a terminal, and never a command', async () => {
    const { stdout } = await whyIn({ columns: 40 }, ['vkms']);
    const lines = stdout.split('\n');
    expect(lines).toContain('         (ends the graphical session and');
    const long = lines.filter((line) => line.length > 40);
    expect(long).toEqual([
      '      let go: Leave the graphical session: systemctl isolate multi-user.target',
      '       systemctl isolate multi-user.target',
    ]);
  });

  it('answers programs as JSON, with every field there', async () => {
    const { stdout } = await why(['vkms', '--json']);
    const answer = JSON.parse(stdout) as WhyAnswer;
    expect(answer.format).toBe(1);
    expect(answer.snapshot).toEqual({ kernel: '6.1.0-56-amd64', began: 1, ended: 1.1, asRoot: true, unseen: [] });
    expect(answer.modules[0]).toMatchObject({ module: 'vkms', refcount: 1, explained: 1, unexplained: 0 });
    expect(answer.modules[0]!.holders[0]).toMatchObject({ kind: 'task', name: 'systemd-logind', references: 1 });
    expect(answer.plan).toMatchObject({ outcome: 'unloads' });
    expect(JSON.parse((await why(['--json'])).stdout)).toMatchObject({ plan: null });
  });
});

describe('what is explained only probably', () => {
  // Nobody could compare the two descriptors: they may share one open file, or be two.
  const doubtful = makeSnapshot({
    modules: [loaded('drm 0'), loaded('vkms 2')],
    processes: [running('545 systemd-logind', '/system.slice/systemd-logind.service')],
    devices: [card],
    openFiles: [opened('545/7,545/9 c226:0 /dev/dri/card0', { compared: false })],
  });

  it('is never told as certain: not in the head, the sum, the line of the holder, or the plan', async () => {
    const { exit, stdout } = await why(['vkms'], doubtful);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^vkms: live, 2 explained, all of them probably, 0 unexplained\n/);
    expect(stdout).toContain('  vkms 2 = probably 2 for 1 file of systemd-logind.service\n');
    expect(stdout).toContain('  - probably 2 references: systemd-logind (545), /dev/dri/card0\n');
    expect(stdout).toContain('should succeed. What holds vkms is known only probably: look again if it does not.\n');
  });

  it('is a column of the table, a part of its last line, and a number for programs', async () => {
    const { stdout } = await why([], doubtful);
    expect(stdout).toMatch(/^vkms +2 +2 +2 +0 {2}probably/m);
    expect(stdout).toMatch(/2 modules; every reference is explained, 2 of them probably\n$/);
    const { modules } = JSON.parse((await why(['vkms', '--json'], doubtful)).stdout) as WhyAnswer;
    expect(modules[0]).toMatchObject({ explained: 2, probable: 2, unexplained: 0 });
  });
});

describe('modshark why', () => {
  it('lists all modules, the most stuck first', async () => {
    const { exit, stdout } = await why([]);
    expect(exit).toBe(2);
    expect(stdout).toBe(`module  refs  explained  probably  unexplained
stuck      2          0         0            2  2 unexplained
drm        3          3         0            0  1 module + 1 file of systemd-logind.service + 1 DRM filesystem
vkms       1          1         0            0  1 file of systemd-logind.service
dummy      0          0         0            0
4 modules; 1 of them has unexplained references
`);
  });

  it('says so where nothing is held', async () => {
    const { exit, stdout } = await why([], makeSnapshot({ modules: [loaded('dummy 0'), loaded('loop 0')] }));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\n2 modules; nothing holds any of them\n$/);
  });

  it('fits a terminal of 40 columns', async () => {
    const { stdout } = await whyIn({ columns: 40 }, []);
    expect(stdout).toBe(`stuck 2 = 2 unexplained
drm 3 = 1 module + 1 file of
  systemd-logind.service + 1 DRM
  filesystem
vkms 1 = 1 file of
  systemd-logind.service
dummy 0
4 modules; 1 of them has unexplained
  references
`);
  });
});
