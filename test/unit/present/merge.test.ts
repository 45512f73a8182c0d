import { describe, expect, it } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { device, loaded, makeSnapshot, mounted, opened, running } from '../../support/make-snapshot.ts';
import { makeTable } from '../../support/make-table.ts';

function merge(history: string, snapshot: SystemSnapshot) {
  const table = makeTable(history);
  const recorded = { analysis: analyse(table), now: table.time[table.length - 1]! };
  const accounts = accountForPresent(snapshot, recorded);
  return {
    accounts,
    of: (module: string) => accounts.find((accounting) => accounting.module === module)!,
    plan: (module: string) => planRelease(accounts, snapshot, module),
  };
}

const testmod = {
  processes: [running('40 sshd')],
  devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
};
const loading = `
  100 insmod-7 load testmod
  200 insmod-7 put testmod do_init_module 1
`;

describe('a hold that is seen twice', () => {
  it('is one holder with two pieces of evidence', () => {
    const { of } = merge(
      `${loading}
      300 sshd-40 get testmod misc_open 2`,
      makeSnapshot({ ...testmod, modules: [loaded('testmod 1')], openFiles: [opened('40/3 c10:120 /dev/testmod')] }),
    );
    const { holders, explained, cautions } = of('testmod');
    expect([holders.length, explained, cautions]).toEqual([1, 1, []]);
    expect(holders[0]!.evidence.map(({ from }) => from)).toEqual(['snapshot', 'recording']);
    expect(holders[0]!.evidence[1]).toMatchObject({ callSite: 'misc_open', since: 200, holds: [1] });
  });

  it('was taken by a thread: the event has the thread’s number, the snapshot the process’s', () => {
    const { of } = merge(
      `${loading}
      300 worker-44 get testmod misc_open 2`,
      makeSnapshot({
        ...testmod,
        modules: [loaded('testmod 1')],
        processes: [running('40 server', '/', { threads: [43, 44] })],
        openFiles: [opened('40/3 c10:120 /dev/testmod')],
      }),
    );
    expect(of('testmod').holders.map(({ name, evidence }) => [name, evidence.length])).toEqual([['server', 2]]);
  });

  it('was taken by a process that forked and ended: its child has it now', () => {
    const { of } = merge(
      `${loading}
      300 sshd-40 get testmod misc_open 2`,
      makeSnapshot({
        ...testmod,
        modules: [loaded('testmod 1')],
        processes: [running('41 bash')],
        openFiles: [opened('41/3 c10:120 /dev/testmod')],
      }),
    );
    expect(of('testmod').holders.map(({ name, evidence }) => [name, evidence.length])).toEqual([['bash', 2]]);
  });

  it('may be a module or a mount as well', () => {
    const { of } = merge(
      `
      100 modprobe-7 get mbcache resolve_symbol 2
      200 modprobe-7 load ext4
      300 modprobe-7 put ext4 do_init_module 1
      400 mount-9 get ext4 __get_fs_type 2
      410 mount-9 get ext4 get_filesystem 3
      420 mount-9 get ext4 get_filesystem 4
      430 mount-9 put ext4 path_mount 3
      440 mount-9 put ext4 put_fs_context 2`,
      makeSnapshot({
        modules: [loaded('ext4 1'), loaded('mbcache 1 ext4')],
        superblocks: [mounted('7:0 ext4 /dev/loop0 /mnt')],
      }),
    );
    for (const module of ['ext4', 'mbcache']) {
      expect(of(module).holders.map(({ evidence }) => evidence.length)).toEqual([2]);
      expect(of(module)).toMatchObject({ explained: 1, unexplained: 0, cautions: [] });
    }
  });
});

describe('what only the recording knows of', () => {
  const inFlight = `${loading}
    300 dbus-daemon-40 get testmod misc_open 2`;

  it('is kept while its process lives, though no descriptor shows it', () => {
    const { of } = merge(
      inFlight,
      makeSnapshot({ ...testmod, modules: [loaded('testmod 1')], processes: [running('40 dbus-daemon')] }),
    );
    const [holder] = of('testmod').holders;
    expect([holder!.name, holder!.confidence, holder!.references]).toEqual(['dbus-daemon', 'medium', 1]);
    expect(of('testmod')).toMatchObject({ explained: 1, unexplained: 0 });
  });

  it('is a leak where its process has ended and nothing that is open holds it', () => {
    const { of, plan } = merge(inFlight, makeSnapshot({ modules: [loaded('testmod 1')] }));
    expect(of('testmod')).toMatchObject({ explained: 0, unexplained: 1 });
    expect(of('testmod').holders.map(({ name, confidence, object }) => [name, confidence, object])).toEqual([
      ['dbus-daemon', 'low', 'taken by dbus-daemon (40), which has ended'],
    ]);
    expect(plan('testmod').outcome).toBe('reboot');
    expect(plan('testmod').summary).toMatch(/taken by dbus-daemon at misc_open and never given back/);
  });

  it('has the name that its process has now, where the kernel had not learned it yet', () => {
    const { of } = merge(
      `${loading}
      300 <...>-40 get testmod misc_open 2`,
      makeSnapshot({ modules: [loaded('testmod 1')], processes: [running('40 reader')] }),
    );
    expect(of('testmod').holders.map(({ name, confidence }) => [name, confidence])).toEqual([['reader', 'medium']]);
  });

  it('names the stack of a leak, where stacks were recorded, for the author of the module', () => {
    const table = makeTable(inFlight);
    const frames = [
      'trace_event_raw_event_module_refcnt',
      'try_module_get',
      'misc_open',
      'chrdev_open',
      'do_dentry_open',
    ];
    const stacked = {
      ...table,
      stack: Int32Array.from(table.stack, (_, row) => (row === 2 ? 0 : -1)),
      stacks: [frames],
    };
    const snapshot = makeSnapshot({ modules: [loaded('testmod 1')] });
    const recorded = { analysis: analyse(stacked), now: table.time[table.length - 1]! };
    expect(planRelease(accountForPresent(snapshot, recorded), snapshot, 'testmod').summary).toMatch(
      /Tell its author the call site and its stack: try_module_get < misc_open < chrdev_open < do_dentry_open\.$/,
    );
  });

  it('fills only what the system counts: the rest is a contradiction', () => {
    const { of } = merge(
      inFlight,
      makeSnapshot({ ...testmod, modules: [loaded('testmod 0')], processes: [running('40 dbus-daemon')] }),
    );
    expect(of('testmod')).toMatchObject({ explained: 0, unexplained: 0, holders: [] });
    expect(of('testmod').cautions).toEqual([
      'The recording ends with a count of 1, and the system has 0: it ended before, or events are missing.',
      'By the recording dbus-daemon (40) holds 1 more (file), which the system does not count: it was given back unseen.',
    ]);
  });

  it('says nothing of a module that was unloaded in it and loaded again since', () => {
    const { of } = merge(
      `${loading}
      500 rmmod-9 free testmod`,
      makeSnapshot({ ...testmod, modules: [loaded('testmod 1')], openFiles: [opened('40/3 c10:120 /dev/testmod')] }),
    );
    expect(of('testmod')).toMatchObject({ explained: 1, unexplained: 0 });
    expect(of('testmod').cautions).toHaveLength(1);
  });
});

describe('a hint of the snapshot', () => {
  const perf = {
    processes: [running('50 perf')],
    openFiles: [opened('50/3 - anon_inode:[perf_event]'), opened('50/4 - anon_inode:[perf_event]')],
  };
  const told = (history: string, refcount: number) =>
    merge(
      `${loading}
      ${history}`,
      makeSnapshot({ ...perf, modules: [loaded(`testmod ${refcount}`)] }),
    ).of('testmod');

  it('is sure for as many references as its own process was recorded to take, and stays a hint for the rest', () => {
    const { explained, unexplained, holders } = told('300 perf-50 get testmod perf_try_init_event 2', 2);
    expect([explained, unexplained]).toEqual([1, 1]);
    expect(holders.map(({ name, references, confidence }) => [name, references, confidence])).toEqual([
      ['perf', 1, 'high'],
      ['perf', 1, 'low'],
    ]);
    expect(new Set(holders.map(({ key }) => key)).size).toBe(2);
  });

  it('takes nothing over from another process that has ended: that is a leak', () => {
    const { explained, unexplained, holders } = told('300 sshd-40 get testmod misc_open 2', 1);
    expect([explained, unexplained]).toEqual([0, 1]);
    expect(holders.map(({ confidence }) => confidence)).not.toContain('high');
  });
});

describe('a pid that came back', () => {
  const seconds = (time: number) => time * 1e9;
  const history = `
    ${seconds(10)} insmod-7 load testmod
    ${seconds(11)} insmod-7 put testmod do_init_module 1
    ${seconds(20)} sshd-40 get testmod misc_open 2`;
  const now = {
    began: 100_000_000_000n,
    ended: 100_100_000_000n,
    texts: { '/proc/uptime': '100.00 90.00\n' },
    modules: [loaded('testmod 1')],
  };

  it('is not the process that took the reference: that one has ended', () => {
    const { of, plan } = merge(
      history,
      makeSnapshot({ ...now, processes: [running('40 sshd', '/', { startTicks: 5000 })] }),
    );
    expect(of('testmod')).toMatchObject({ explained: 0, unexplained: 1 });
    expect(of('testmod').holders.map(({ name, processes, confidence }) => [name, processes, confidence])).toEqual([
      ['sshd', [], 'low'],
    ]);
    expect(JSON.stringify(plan('testmod'))).not.toMatch(/kill/);
  });

  it('is it where the process is older, also by the time that the machine slept', () => {
    const older = running('40 sshd', '/', { startTicks: 1500 });
    expect(merge(history, makeSnapshot({ ...now, processes: [older] })).of('testmod')).toMatchObject({ explained: 1 });
    const slept = { ...now, texts: { '/proc/uptime': '1100.00 90.00\n' } };
    const afterSleep = running('40 sshd', '/', { startTicks: 101_500 });
    expect(merge(history, makeSnapshot({ ...slept, processes: [afterSleep] })).of('testmod')).toMatchObject({
      explained: 1,
    });
  });

  it('with a reference of its own is not given that of the one before', () => {
    const { of } = merge(
      `${history}
      ${seconds(60)} cat-40 get testmod misc_open 3`,
      makeSnapshot({
        ...testmod,
        ...now,
        modules: [loaded('testmod 2')],
        processes: [running('40 cat', '/', { startTicks: 5000 })],
        openFiles: [opened('40/3 c10:120 /dev/testmod')],
      }),
    );
    expect(of('testmod')).toMatchObject({ explained: 1, unexplained: 1 });
    expect(of('testmod').holders.map(({ name, references, confidence }) => [name, references, confidence])).toEqual([
      ['cat', 1, 'certain'],
      ['sshd', 1, 'low'],
    ]);
  });
});

describe('what only the recording tells of', () => {
  const asks = (process: ReturnType<typeof running>) => {
    const { plan } = merge(
      `${loading}
      300 ${process.comm}-${process.pid} get testmod misc_open 2`,
      makeSnapshot({ ...testmod, modules: [loaded('testmod 1')], processes: [process] }),
    );
    return plan('testmod')
      .steps.flatMap(({ alternatives }) => alternatives.slice(1))
      .map(({ title, command }) => command ?? title);
  };

  it('is let go of by the service that took it, and no kernel thread is ever killed', () => {
    expect(asks(running('50 gpsd', '/system.slice/gpsd.service'))).toEqual(['systemctl stop gpsd.service', 'kill 50']);
    expect(asks(running('45 kworker', '/', { kernelThread: true }))).toEqual([
      'Stop what makes the kernel thread kworker work',
    ]);
  });
});
