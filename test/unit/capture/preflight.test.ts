import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPreflight, policyPath } from '../../../electron/host/capture/check-preflight.ts';
import { chooseHelperCommand } from '../../../electron/host/capture/choose-helper-command.ts';
import { findBuiltHelper, findInstalledHelper } from '../../../electron/host/capture/find-helper.ts';
import { type HostSystem, lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const helper = { path: '/usr/libexec/modshark/capture-helper', flaw: undefined };
const policy = `<annotate key="org.freedesktop.policykit.exec.path">${helper.path}</annotate>`;

interface Machine {
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly programs?: readonly string[];
  readonly pkexecMode?: number;
  readonly hasTerminal?: boolean;
  readonly uid?: number;
}

/** A desktop of today where everything is as it should be, but for what is said. */
function machine({ files, folders, programs, pkexecMode = 0o104755, hasTerminal = false, uid = 1000 }: Machine = {}) {
  const text: Record<string, string | undefined> = {
    '/proc/self/status': 'Name:\tnode\nNoNewPrivs:\t0\n',
    '/proc/self/mounts': 'proc /proc proc rw 0 0\nnodev /sys/kernel/tracing tracefs rw 0 0\n',
    '/proc/modules': '',
    '/proc/77/comm': 'gnome-shell\n',
    '/sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
    [policyPath]: policy,
    ...files,
  };
  const system: HostSystem = {
    uid,
    pid: 4711,
    read: (path) => text[path],
    list: (path) => ({ '/proc': ['1', '77', 'self'], ...folders })[path],
    stat(path) {
      if (path === '/usr/bin/pkexec') return { uid: 0, mode: pkexecMode };
      if (path.startsWith('/proc/77')) return { uid: 1000, mode: 0o40555 };
      if (path.startsWith('/proc/88')) return { uid: 0, mode: 0o40555 };
      return text[path] === undefined ? undefined : { uid: 0, mode: 0o100644 };
    },
    findProgram: (name) => ((programs ?? ['pkexec', 'pkttyagent']).includes(name) ? `/usr/bin/${name}` : undefined),
    hasTerminal,
  };
  return system;
}

const check = (
  system: HostSystem,
  found: { helper?: typeof helper | { path: string; flaw: string } | undefined } = { helper },
) => {
  return checkPreflight({ system, helper: found.helper, built: undefined, way: 'pkexec' });
};

test('on a desktop where all is well, nothing stands in the way', () => {
  const checks = check(machine());
  expect(checks.map(({ name, ok }) => `${name}: ${ok}`)).toEqual([
    'new privileges: true',
    'capture helper: true',
    'pkexec: true',
    'polkit policy: true',
    'authentication agent: true',
    'tracefs: true',
    'module events: true',
    'kernel lockdown: true',
    'other captures: true',
  ]);
  expect(checks.every(({ remedy, blocks }) => remedy === '' && !blocks)).toBe(true);
});

const hindrances: [name: string, blocks: boolean, system: HostSystem, detail: RegExp, remedy: RegExp][] = [
  ['new privileges', true, machine({ files: { '/proc/self/status': 'NoNewPrivs:\t1\n' } }), /NoNewPrivs/, /outside/],
  ['pkexec', true, machine({ programs: [] }), /not installed/, /apt install pkexec/],
  ['pkexec', true, machine({ pkexecMode: 0o100755 }), /not set-uid root/, /again/],
  ['polkit policy', true, machine({ files: { [policyPath]: undefined } }), /is missing/, /install-helper/],
  ['polkit policy', true, machine({ files: { [policyPath]: policy.replace('/usr', '/opt') } }), /is for \/opt/, /./],
  ['authentication agent', false, machine({ files: { '/proc/77/comm': 'bash\n' } }), /None was found/, /terminal/],
  [
    'tracefs',
    true,
    machine({ files: { '/proc/self/mounts': 'proc /proc proc rw 0 0\n' } }),
    /not mounted/,
    /sudo mount/,
  ],
  ['module events', true, machine({ files: { '/proc/modules': undefined } }), /no loadable modules/, /CONFIG_MODULES/],
  [
    'module events',
    true,
    machine({ folders: { '/sys/kernel/tracing/events': ['sched'] } }),
    /traces no module events/,
    /CONFIG_EVENT_TRACING/,
  ],
  [
    'kernel lockdown',
    true,
    machine({ files: { '/sys/kernel/security/lockdown': 'none integrity [confidentiality]\n' } }),
    /even root/,
    /machine without it/,
  ],
  [
    'other captures',
    false,
    machine({ files: { '/proc/88/comm': 'capture-helper\n' }, folders: { '/proc': ['77', '88'] } }),
    /pid 88/,
    /Stop it/,
  ],
];

test.each(hindrances)(
  'what is wrong with %s is told with its remedy (in the way: %s)',
  (name, blocks, system, detail, remedy) => {
    const bad = check(system).filter(({ ok }) => !ok);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatchObject({ name, blocks });
    expect(bad[0]!.detail).toMatch(detail);
    expect(bad[0]!.remedy).toMatch(remedy);
  },
);

test('a terminal will do where the desktop has no agent', () => {
  const checks = check(machine({ files: { '/proc/77/comm': 'bash\n' }, hasTerminal: true }));
  expect(checks.find(({ name }) => name === 'authentication agent')).toMatchObject({ ok: true });
});

test('integrity lockdown, debugfs and what only root can see are no hindrance', () => {
  const checks = check(
    machine({
      files: {
        '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
        '/proc/self/mounts': 'none /sys/kernel/debug debugfs rw 0 0\n',
      },
    }),
  );
  expect(checks.every(({ ok }) => ok)).toBe(true);
});

test('a helper that others could replace is never made root', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'libexec'), { recursive: true });
  const path = join(folder, 'libexec/capture-helper');
  expect(findInstalledHelper([path])).toBeUndefined();
  await writeFile(path, '');
  await chmod(path, 0o755);
  const found = findInstalledHelper([path])!;
  expect(found.flaw).toMatch(/does not belong to root|Others than root may write/);
  expect(
    check(machine(), { helper: { path, flaw: found.flaw! } }).find(({ name }) => name === 'capture helper'),
  ).toMatchObject({
    ok: false,
    blocks: true,
  });
  expect(chooseHelperCommand({ system: machine(), helper: found, built: undefined, byHand: 'sudo x' })).toMatchObject({
    ok: false,
    problem: { why: expect.stringContaining('not to be trusted'), remedy: 'Run: sudo x' },
  });
});

test('the way to root: root itself, pkexec with the policy, else the words to run by hand', () => {
  const choose = (system: HostSystem, built?: string, installed: typeof helper | undefined = helper) => {
    const chosen = chooseHelperCommand({ system, helper: installed, built, byHand: 'sudo modshark record -o x vkms' });
    return chosen.ok
      ? [chosen.command.way, chosen.command.file, ...chosen.command.argv].join(' ')
      : chosen.problem.remedy;
  };
  expect(choose(machine({ uid: 0 }))).toBe(`root ${helper.path}`);
  expect(choose(machine())).toBe(`pkexec /usr/bin/pkexec --disable-internal-agent ${helper.path}`);
  expect(choose(machine({ files: { [policyPath]: undefined } }))).toBe('Run: sudo modshark record -o x vkms');
  expect(choose(machine({ programs: [] }))).toBe('Run: sudo modshark record -o x vkms');
  const system = machine({ uid: 0 });
  expect(chooseHelperCommand({ system, helper: undefined, built: '/src/helper', byHand: '' })).toMatchObject({
    command: { way: 'root', file: '/src/helper' },
  });
  expect(chooseHelperCommand({ system: machine(), helper: undefined, built: '/src/helper', byHand: '' }).ok).toBe(
    false,
  );
});

test('a source checkout’s helper is found once it is built', async () => {
  const root = await temporaryFolder();
  expect(findBuiltHelper(root)).toBeUndefined();
  await mkdir(join(root, 'out/helper'), { recursive: true });
  await writeFile(join(root, 'out/helper/capture-helper'), '');
  expect(findBuiltHelper(root)).toBe(join(root, 'out/helper/capture-helper'));
});

test('this machine can be looked at, whoever looks', () => {
  const checks = checkPreflight({ system: lookAtThisSystem(), helper: undefined, built: undefined, way: 'pkexec' });
  expect(checks.find(({ name }) => name === 'capture helper')).toMatchObject({ ok: false, blocks: true });
  expect(checks.every(({ ok, remedy }) => ok === (remedy === ''))).toBe(true);
});
