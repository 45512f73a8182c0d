import { describe, expect, it } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { standingsAt } from '../../../shared/analysis/standings-at.ts';
import { makeTable } from '../../support/make-table.ts';

function tell(text: string) {
  const table = makeTable(text);
  const analysis = analyse(table);
  const start = Number(table.clock.start);
  const at = (module: string, time: number) => accountFor(analysis, module, time - start);
  const atEnd = (module: string) => accountFor(analysis, module, table.time[table.length - 1]!);
  return { analysis, at, atEnd, findings: analysis.findings.map(({ kind }) => kind) };
}

describe('loading', () => {
  it('a link belongs to the module that the same thread loads next, not to one that another thread loads meanwhile', () => {
    const { atEnd } = tell(`
      100 modprobe-7 get drm resolve_symbol 2
      150 modprobe-8 get drm resolve_symbol 3
      200 modprobe-8 load snd
      300 modprobe-7 load vkms
    `);
    expect(atEnd('drm').holders.map(({ name, lines }) => [name, lines])).toEqual([
      ['vkms', [2, 5]],
      ['snd', [3, 4]],
    ]);
  });

  it('the loader holds the module until its init function returns, and says so with certainty', () => {
    const { at } = tell(`
      100 modprobe-7 load vkms
      900 modprobe-7 put vkms do_init_module 1
    `);
    expect(at('vkms', 100)).toMatchObject({ state: 'loading', lsmod: 1, unexplained: 0 });
    expect(at('vkms', 100).holders[0]).toMatchObject({
      kind: 'loader',
      name: 'modprobe',
      pid: 7,
      confidence: 'certain',
    });
    expect(at('vkms', 900)).toMatchObject({ state: 'live', lsmod: 0, holders: [] });
  });

  it('an init function that fails is no unload, and what it had linked to is free again', () => {
    const { atEnd, findings } = tell(`
      100 insmod-7 get drm resolve_symbol 2
      200 insmod-7 load bad
      300 insmod-7 put bad do_init_module 1
      400 insmod-7 free bad
      500 insmod-7 put drm module_unload_free 1
    `);
    expect(findings).toEqual(['failed-load']);
    expect(atEnd('bad').state).toBe('absent');
    expect(atEnd('drm')).toMatchObject({ lsmod: 0, holders: [] });
  });

  it('a load that fails for want of a symbol never names the module, and blames no other', () => {
    const { at, atEnd } = tell(`
      100 insmod-7 get drm resolve_symbol 2
      200 insmod-7 put drm module_unload_free 1
      300 insmod-7 load other
    `);
    expect(at('drm', 100).holders[0]).toMatchObject({ kind: 'loader', name: 'insmod', pid: 7 });
    expect(at('drm', 100).holders[0]!.evidence).toContain('load then failed');
    expect(atEnd('drm')).toMatchObject({ lsmod: 0, holders: [] });
  });

  it('a module that is loaded again under the same name is another module', () => {
    const { atEnd, at } = tell(`
      100 modprobe-7 load vkms
      200 modprobe-7 put vkms do_init_module 1
      300 weston-9 get vkms drm_stub_open 2
      400 weston-9 put vkms __fput 1
      500 rmmod-8 free vkms
      600 modprobe-10 load vkms
      700 modprobe-10 put vkms do_init_module 1
    `);
    expect(at('vkms', 300).arithmetic).toBe('vkms: 1 reference = 1 file of weston');
    expect(at('vkms', 500).state).toBe('absent');
    expect(atEnd('vkms')).toMatchObject({ state: 'live', lsmod: 0, holders: [] });
  });

  it('two links to one module before one load show that another load is not recorded: neither is claimed for sure', () => {
    const { atEnd } = tell(`
      100 modprobe-7 get drm resolve_symbol 2
      200 modprobe-7 get drm resolve_symbol 3
      300 modprobe-7 load vkms
    `);
    expect(atEnd('drm')).toMatchObject({ lsmod: 2, explained: 1, unexplained: 1 });
    expect(atEnd('drm').holders.map(({ name, confidence }) => [name, confidence])).toEqual([
      ['vkms', 'high'],
      ['a module whose load is not recorded', 'low'],
    ]);
  });
});

describe('handing over', () => {
  const strangerCloses = `
      100 a-1 get tun misc_open 2
      200 b-2 get tun misc_open 3
      300 c-3 put tun __fput 2`;

  it('a file that a child closes was taken by the parent, and the account says that it changed hands', () => {
    const { at } = tell(`
      100 sshd-100 get tun misc_open 2
      900 bash-188 put tun __fput 1
    `);
    const [holder] = at('tun', 500).holders;
    expect(holder).toMatchObject({ name: 'sshd', pid: 100, confidence: 'medium' });
    expect(holder!.evidence).toContain('It was given back by bash-188');
    expect(holder!.evidence).toContain('changed hands');
  });

  it('when a stranger closes one of two files, nobody can say whose is left', () => {
    const { at } = tell(`${strangerCloses}
      400 d-4 get other misc_open 2
    `);
    expect(at('tun', 200)).toMatchObject({ explained: 2, unexplained: 0 });
    expect(at('tun', 300)).toMatchObject({ lsmod: 1, explained: 0, unexplained: 1 });
    expect(at('tun', 300).holders[0]!.evidence).toContain('nobody can say which');
  });

  it('when a process closes its own, another one may have handed it hers: that one is likely still hers, no more', () => {
    const { at } = tell(`
      100 alice-1 get tun misc_open 2
      30000100 bob-2 get tun misc_open 3
      60000100 bob-2 put tun __fput 2
    `);
    expect(at('tun', 30_000_100).holders.map(({ confidence }) => confidence)).toEqual(['high', 'high']);
    const [left] = at('tun', 60_000_100).holders;
    expect(left).toMatchObject({ name: 'alice', confidence: 'medium' });
    expect(left!.evidence).toContain(
      'bob-2 at 0.060000100 (line 4) has given back a reference that is counted as another',
    );
  });

  it('but not of one that the other closed within the call that opened it, nor of one that its own process closes', () => {
    const { at } = tell(`
      100 alice-1 get tun misc_open 2
      30000100 bob-2 get tun misc_open 3
      30000200 bob-2 put tun misc_open 2
      60000100 carol-3 get tun misc_open 3
      90000100 carol-3 put tun __fput 2
      99000100 alice-1 get tun misc_open 3
      99900100 alice-1 put tun __fput 2
    `);
    expect(at('tun', 30_000_200).holders).toMatchObject([{ name: 'alice', confidence: 'high' }]);
    expect(at('tun', 90_000_100).holders).toMatchObject([{ name: 'alice', confidence: 'medium' }]);
    expect(at('tun', 99_000_100).holders.find(({ confidence }) => confidence === 'high')).toMatchObject({
      name: 'alice',
    });
  });

  it('of two mounts of one filesystem one is unmounted: the other is a mount of it all the same', () => {
    const mount = (time: number, pid: number, before: number) => `
      ${time} mount-${pid} get ext4 __get_fs_type ${before + 1}
      ${time + 10} mount-${pid} get ext4 get_filesystem ${before + 2}
      ${time + 20} mount-${pid} put ext4 path_mount ${before + 1}
      ${time + 30} mount-${pid} get ext4 get_filesystem ${before + 2}
      ${time + 40} mount-${pid} put ext4 put_fs_context ${before + 1}`;
    const { atEnd } = tell(`${mount(100, 1, 1)}${mount(50_000_000, 2, 2)}
      90000000 umount-3 put ext4 deactivate_locked_super 2`);
    expect(atEnd('ext4')).toMatchObject({ explained: 1, unexplained: 0, arithmetic: 'ext4: 1 reference = 1 mount' });
  });

  it('what the exit function of a module gives back is what its own init function took', () => {
    const load = (time: number, name: string, drm: number) => `
      ${time} modprobe-${time} get drm resolve_symbol ${drm}
      ${time + 1} modprobe-${time} load ${name}
      ${time + 2} modprobe-${time} get drm get_filesystem ${drm + 1}
      ${time + 3} modprobe-${time} put ${name} do_init_module 1`;
    const { atEnd } = tell(`${load(100, 'vkms', 2)}${load(200, 'bochs', 4)}
      300 rmmod-9 put drm deactivate_locked_super 4
      301 rmmod-9 free vkms
      302 rmmod-9 put drm module_unload_free 3`);
    expect(atEnd('drm').arithmetic).toBe('drm: 2 references = 1 module + 1 DRM filesystem of bochs');
    expect(atEnd('drm').holders.map(({ name }) => name)).toEqual(['bochs', 'bochs']);
  });

  it('and of a module that was loaded before the recording, nothing that another one took', () => {
    const { atEnd } = tell(`
      100 modprobe-1 get drm resolve_symbol 5
      101 modprobe-1 load bochs
      102 modprobe-1 get drm get_filesystem 6
      103 modprobe-1 put bochs do_init_module 1
      300 rmmod-9 put drm deactivate_locked_super 5
      301 rmmod-9 free vkms
      302 rmmod-9 put drm module_unload_free 4`);
    expect(atEnd('drm').arithmetic).toBe(
      'drm: 3 references = 1 module + 1 DRM filesystem of bochs + 1 from before the recording',
    );
  });

  it('but when the other one is closed later by its own process, it is known whose was closed first', () => {
    const { at } = tell(`${strangerCloses}
      400 b-2 put tun __fput 1
    `);
    expect(at('tun', 300).arithmetic).toBe('tun: 1 reference = 1 file of b');
    expect(at('tun', 300).holders[0]!.confidence).toBe('high');
  });

  it('sixteen files of one process are one holder', () => {
    const opens = Array.from({ length: 16 }, (_, n) => `${(n + 1) * 1e8} mapper-9 get tun misc_open ${n + 2}`);
    const { atEnd } = tell(opens.join('\n'));
    expect(atEnd('tun').arithmetic).toBe('tun: 16 references = 16 files of mapper');
    expect(atEnd('tun').holders).toHaveLength(1);
    expect(atEnd('tun').holders[0]!.lines).toHaveLength(16);
  });

  it('one open that takes a module twice is one file with two references', () => {
    const { atEnd } = tell(`
      100 a-1 get ppp exact_lock 2
      200 a-1 get ppp chrdev_open 3
    `);
    expect(atEnd('ppp').arithmetic).toBe('ppp: 2 references = 2 for 1 file of a');
  });
});

describe('from before the recording', () => {
  it('references are counted from the first number that is printed, and stay unexplained', () => {
    const { at } = tell(`
      100 a-1 get tun misc_open 5
      200 a-1 put tun __fput 4
    `);
    expect(at('tun', 50)).toMatchObject({ state: 'unknown', lsmod: 3, refcount: undefined, baseline: 3 });
    expect(at('tun', 100)).toMatchObject({ lsmod: 4, explained: 1, unexplained: 3, baseline: 3 });
    expect(at('tun', 200).arithmetic).toBe('tun: 3 references = 3 from before the recording');
  });

  it('one that a process closes later was most likely its own', () => {
    const { at } = tell(`
      100 Xorg-1 get vkms drm_stub_open 3
      200 logind-2 put vkms __fput 2
    `);
    expect(at('vkms', 100)).toMatchObject({ lsmod: 2, explained: 2, unexplained: 0, baseline: 1 });
    expect(at('vkms', 100).holders.find(({ pid }) => pid === 2)).toMatchObject({
      confidence: 'medium',
      since: undefined,
      lines: [3],
    });
  });

  it('one that goes with a module that is freed was the link of that module', () => {
    const { at } = tell(`
      100 rmmod-5 free vkms
      200 rmmod-5 put drm module_unload_free 1
    `);
    expect(at('drm', 150)).toMatchObject({ lsmod: 1, explained: 1 });
    expect(at('drm', 150).holders[0]).toMatchObject({ kind: 'module', name: 'vkms' });
  });

  it('a put by rmmod itself tells nothing of who held', () => {
    const { at } = tell(`
      100 rmmod-5 put held my_release 1
      200 rmmod-5 free held
    `);
    expect(at('held', 50)).toMatchObject({ lsmod: 1, explained: 0, unexplained: 1 });
  });
});

describe('missing events', () => {
  it('a number that does not fit shows a reference that was taken unseen', () => {
    const { atEnd, findings } = tell(`
      100 a-1 get tun misc_open 2
      200 a-1 get tun misc_open 4
    `);
    expect(findings).toEqual(['disagreement']);
    expect(atEnd('tun')).toMatchObject({ lsmod: 3, explained: 2, unexplained: 1, baseline: 0 });
  });

  it('after a mark of lost events a claim is not high any more', () => {
    const { at } = tell(`
      100 a-1 get tun misc_open 2
      lost 12
      200 b-2 get tun misc_open 3
    `);
    expect(at('tun', 100).holders[0]!.confidence).toBe('high');
    expect(at('tun', 200).holders.map(({ name, confidence }) => [name, confidence])).toEqual([
      ['a', 'medium'],
      ['b', 'high'],
    ]);
    expect(at('tun', 200).cautions[0]).toContain('Events were lost');
  });

  it('two CPUs that print swapped numbers lost nothing', () => {
    const { atEnd, findings } = tell(`
      100 d-4 get tun misc_open 2 cpu0
      110 a-1 get tun misc_open 4 cpu0
      111 b-2 get tun misc_open 3 cpu1
      120 b-2 put tun __fput 3 cpu1
    `);
    expect(findings).toEqual([]);
    expect(atEnd('tun')).toMatchObject({ lsmod: 2, explained: 2, unexplained: 0 });
  });

  it('a module that is freed with references open was forced out', () => {
    const { findings, atEnd } = tell(`
      100 reader-9 get held misc_open 2
      200 rmmod-5 free held
    `);
    expect(findings).toEqual(['forced-unload']);
    expect(atEnd('held')).toMatchObject({ state: 'absent', holders: [] });
  });

  it('a recording without loads cannot name links, and says that it was filtered', () => {
    const { atEnd, findings } = tell(`
      100 modprobe-7 get drm resolve_symbol 2
      200 weston-9 get drm misc_open 3
    `);
    expect(findings).toEqual(['filtered']);
    expect(atEnd('drm')).toMatchObject({ lsmod: 2, explained: 1, unexplained: 1 });
    expect(atEnd('drm').cautions[0]).toContain('filtered');
  });

  it('a number no machine reaches is not believed, and nothing is made up from it', () => {
    const { atEnd, analysis } = tell('100 a-1 get tun misc_open 2000000000');
    expect(atEnd('tun')).toMatchObject({ refcount: 2_000_000_000, lsmod: undefined, unexplained: undefined });
    expect(analysis.holds.length).toBe(1);
  });
});

it('a few lost events that nothing marks make no old kernel of a short recording', () => {
  const { analysis, atEnd } = tell(`
    100 a-1 get tun misc_open 2
    200000000 b-2 put tun __fput 4
  `);
  expect(analysis.refcounts).toBe('absolute');
  expect(atEnd('tun')).toMatchObject({ lsmod: 3, explained: 1, unexplained: 2 });
  const { analysis: longer } = tell(`
    100 a-1 get tun misc_open 2
    200000000 a-1 put tun __fput 1
    400000000 b-2 put tun __fput 3
    600000000 c-3 get tun misc_open 7
    800000000 d-4 put tun __fput 8
  `);
  expect(longer.refcounts).toBe('absolute');
});

it('a race at the very first event makes nothing up from before the recording', () => {
  const { at } = tell(`
    100 a-1 get tun misc_open 3 cpu0
    200 b-2 get tun misc_open 3 cpu1
    300 a-1 put tun __fput 2 cpu0
    400 b-2 put tun __fput 1 cpu1
  `);
  expect(at('tun', 100)).toMatchObject({ lsmod: 1, baseline: 0, explained: 1 });
  expect(at('tun', 200)).toMatchObject({ lsmod: 2, explained: 2 });
});

it('an old kernel with two CPUs, whose numbers rise on puts, is recognised', () => {
  const { analysis } = tell(`
    100 sh-1 put binfmt_misc search_binary_handler 500 cpu0
    200 sh-2 put binfmt_misc search_binary_handler 502 cpu0
    300 sh-3 put binfmt_misc search_binary_handler 80 cpu1
    400 sh-4 put binfmt_misc search_binary_handler 504 cpu0
  `);
  expect(analysis.refcounts).toBe('per-cpu');
});

it('a module that the recording does not know, and one that is not loaded yet, are told apart from one without references', () => {
  const { atEnd, at, analysis } = tell('100 modprobe-7 load vkms\n200 modprobe-7 put vkms do_init_module 1');
  expect(atEnd('nouveau').arithmetic).toBe('nouveau: does not occur in the recording');
  expect(at('vkms', 50).arithmetic).toBe('vkms: not loaded');
  expect(atEnd('vkms').arithmetic).toBe('vkms: no references');
  expect(standingsAt(analysis, -1)[0]).toMatchObject({ module: 'vkms', state: 'absent', lsmod: undefined });
});

it('a module with a hundred thousand short holds and one long one answers in milliseconds', () => {
  const lines = ['100 daemon-7 get tun misc_open 2'];
  for (let n = 1; n <= 100_000; n++) {
    lines.push(`${n * 1000} a-1 get tun misc_open 3`, `${n * 1000 + 500} a-1 put tun __fput 2`);
  }
  const { at, analysis } = tell(lines.join('\n'));
  expect(analysis.holds.length).toBe(100_001);
  expect(at('tun', 50_000_700).arithmetic).toBe('tun: 1 reference = 1 file of daemon');
  const start = performance.now();
  for (let n = 0; n < 200; n++) at('tun', n * 400_000 + 700);
  expect((performance.now() - start) / 200).toBeLessThan(5);
});
