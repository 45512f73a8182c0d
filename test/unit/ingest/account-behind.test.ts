import { describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../renderer/ingest/engine.ts';
import type { EventRow } from '../../../shared/view-model/recording-view.ts';
import { Chance } from '../../support/mutate-text.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';
import { watchGrowth } from '../../support/watch-growth.ts';

const all = { text: '', modules: [] };
const NEWLINE = 10;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const wholeLines = (bytes: Uint8Array, upTo: number) => bytes.subarray(0, bytes.lastIndexOf(NEWLINE, upTo - 1) + 1);

/** An engine that has opened a text as a file. */
async function open(bytes: Uint8Array): Promise<Engine> {
  const engine = createEngine();
  engine.push(bytes);
  const outcome = await engine.finish('live');
  if (!outcome.ok) throw new Error(outcome.problem.what);
  return engine;
}

/** An engine that accounts for nothing in a look itself. */
async function grow(bytes: Uint8Array = new Uint8Array()) {
  const engine = createEngine({ accountedAtOnce: 0 });
  engine.push(bytes);
  const look = async (at?: 'new' | 'shown' | 'all', selected = {}) => {
    const found = await engine.look('live', selected, at);
    if (!found.ok) throw new Error(found.problem.what);
    return found;
  };
  await look();
  return { engine, look };
}

const asText = (answers: unknown) =>
  JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

/** What a window shows of the events alone. */
function events(engine: Engine) {
  const { end, modules, events: count, lines, lostEvents, clock } = engine.ask('summary', []);
  const names = modules.map(({ module }) => module);
  const tracks = engine.ask('tracks', [{ modules: names, from: 0, to: end, width: 300, maxLanes: 4 }]);
  return asText({
    facts: { end, count, lines, lostEvents, clock },
    modules: modules.map(({ openHolds, unexplained, ...ofEvents }) => ofEvents),
    rows: engine.ask('eventRows', [all, 0, 1000]).map(({ hold, holder, colour, ...row }: EventRow) => row),
    lines: tracks.map(({ module, steps, maxReferences, lost }) => ({ module, steps, maxReferences, lost })),
    rate: engine.ask('overview', [100, all]).columns.map((column) => column.events),
    filtered: engine.ask('eventCount', [{ text: 'event:get', modules: [] }]),
    found: engine.ask('hits', [{ text: '', search: 'event:put' }, undefined]).count,
  });
}

/** What it says of who held what, at a time. */
function holders(engine: Engine, time: number, modules: readonly string[]) {
  return asText(modules.map((module) => engine.ask('accountingAt', [module, time])));
}

/** Gets and puts of a few modules on three CPUs, none of which waits for the others. */
function disorderly(chance: Chance, count: number): string {
  const clocks = [5_000_000, 5_000_100, 5_000_200];
  const printed = Array.from({ length: count }, (_, i) => {
    const cpu = i < 3 ? i : chance.below(3);
    clocks[cpu] = clocks[cpu]! + 1 + chance.below(3000);
    const task = `worker-${100 + chance.below(4)}`.padStart(20);
    return { cpu, time: clocks[cpu]!, module: chance.pick(['tun', 'loop', 'drm']), task, what: '' };
  });
  // The kernel counts in the order of time, not in that of printing.
  const refs = new Map<string, number>();
  for (const event of [...printed].sort((one, other) => one.time - other.time)) {
    const before = refs.get(event.module) ?? 1;
    const isGet = before === 1 || chance.below(2) === 0;
    const now = before + (isGet ? 1 : -1);
    refs.set(event.module, now);
    const [kind, site] = isGet ? ['get', 'chrdev_open'] : ['put', '__fput'];
    event.what = `module_${kind}: ${event.module} call_site=${site} refcnt=${now}`;
  }
  return printed
    .map(({ cpu, time, task, what }) => {
      const stamp = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, '0')}`;
      return `${task}     [00${cpu}] .....     ${stamp}: ${what}\n`;
    })
    .join('');
}

describe('events that are shown before they are accounted for', { timeout: 120_000 }, () => {
  test('are those of the text at every look, and holders are those of the text up to what is accounted for', async () => {
    for (const path of [
      'seeds/vkms-held-by-logind.report.txt',
      'seeds/vkms-free.report.txt',
      'formats/report/buffer.report.txt',
    ]) {
      const bytes = fixtureBytes(`recordings/${path}`);
      const chance = new Chance(path.length);
      const { engine, look } = await grow();
      let accounted: Engine | undefined;
      let ahead = 0;
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 1 + chance.below(400));
        engine.push(bytes.subarray(at, end));
        at = end;
        const before = engine.ask('summary', []).events;
        const { summary, behind } = await look();
        if (summary.events === 0) continue;
        const whole = await open(wholeLines(bytes, at));
        const where = `${path} at ${at}`;
        expect(events(engine), where).toBe(events(whole));
        // A first event cannot be shown beside what was known before there was a clock.
        if (before === 0) accounted = whole;
        expect(behind, where).toBe(before > 0);
        expect(summary.accounted.events).toBe(accounted!.ask('summary', []).events);
        if (summary.accounted.events < summary.events) ahead++;
        const known = accounted!.ask('summary', []);
        const names = known.modules.map(({ module }) => module);
        expect(summary.accounted.end).toBe(known.end);
        expect(holders(engine, known.end, names), where).toBe(holders(accounted!, known.end, names));
        if (chance.below(3) > 0) continue;
        await engine.account();
        const after = await look('shown');
        expect(after.behind, where).toBe(false);
        expect(after.summary, where).toEqual(whole.ask('summary', []));
        accounted = whole;
      }
      expect(ahead, path).toBeGreaterThan(3);
    }
  });

  test('stand where opening the text puts them, and holds at their lines, however late each CPU prints', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const chance = new Chance(seed);
      const bytes = bytesOf(disorderly(chance, 150));
      const { engine, look } = await grow();
      let known: readonly string[] = [];
      let moved = 0;
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 200 + chance.below(2500));
        engine.push(bytes.subarray(at, end));
        at = end;
        const { behind, summary } = await look();
        const whole = wholeLines(bytes, at);
        if (whole.length === 0) continue;
        expect(events(engine), `seed ${seed} at ${at}`).toBe(events(await open(whole)));
        const held = engine.ask('eventRows', [all, 0, 1000]).flatMap(({ line, holder, row }) => {
          if (holder !== '' && row !== line - 1) moved++;
          return holder === '' ? [] : [`${line} ${holder}`];
        });
        // Until they are accounted for again, the same lines have the same holders.
        if (behind) expect([...held].sort(), `seed ${seed} at ${at}`).toEqual(known);
        if (chance.below(2) === 0 || summary.events === 0) {
          await engine.account();
          await look('shown');
        }
        known = engine
          .ask('eventRows', [all, 0, 1000])
          .flatMap(({ line, holder }) => (holder === '' ? [] : [`${line} ${holder}`]))
          .sort();
      }
      expect(moved, `seed ${seed}`).toBeGreaterThan(0);
    }
  });

  const line = (stamp: string, what: string, cpu = 0, pid = 700) =>
    `             cat-${pid}     [00${cpu}] .....   ${stamp}: module_${what}\n`;
  const first = [
    line('100.000000', 'get: tun call_site=chrdev_open refcnt=2'),
    line('100.100000', 'get: tun call_site=chrdev_open refcnt=3', 0, 701),
    line('100.300000', 'put: tun call_site=__fput refcnt=2', 0, 701),
  ].join('');
  const late = line('100.200000', 'get: loop call_site=blkdev_get refcnt=2', 1, 800);
  const later = line('100.400000', 'put: tun call_site=__fput refcnt=1');

  test('are told of without a holder, in a module of its own as well, and holds go no further than is known', async () => {
    const { engine, look } = await grow(bytesOf(first));
    engine.push(bytesOf(later + line('100.500000', 'get: loop call_site=blkdev_get refcnt=2')));
    const { summary } = await look();
    expect(summary).toMatchObject({ events: 5, accounted: { events: 3 } });
    const rows = engine.ask('eventRows', [all, 0, 10]);
    expect(rows.map(({ holder }) => holder)).toEqual(['cat-700', 'cat-701', 'cat-701', '', '']);
    expect(engine.ask('modulesAt', [summary.end]).map(({ module, state, lsmod }) => [module, state, lsmod])).toEqual([
      ['loop', 'unknown', undefined],
      ['tun', 'live', 1],
    ]);
    expect(engine.ask('accountingAt', ['loop', summary.end])).toMatchObject({ state: 'unknown', holders: [] });
    expect(engine.ask('accountingAt', ['tun', summary.end]).arithmetic).toBe('tun: 1 reference = 1 file of cat');
    const scale = { from: 0, to: summary.end, width: 500, maxLanes: 4 };
    const [track] = engine.ask('tracks', [{ modules: ['tun'], ...scale }]);
    expect([...track!.steps.last]).toEqual([1, 2, 1, 0]);
    // 0.3 of 0.5 s: what is still open is drawn up to where that is known.
    expect(Math.max(...track!.spans.map(({ x1 }) => x1))).toBeCloseTo(300, 0);

    await engine.account();
    await look('shown');
    expect(engine.ask('accountingAt', ['tun', summary.end]).lsmod).toBe(0);
    expect(engine.ask('accountingAt', ['loop', summary.end]).lsmod).toBe(1);
  });

  test('leave holds at their events, and what is selected selected, also where a late event comes in between', async () => {
    const { engine, look } = await grow(bytesOf(first));
    const [, second] = engine.ask('eventRows', [all, 0, 10]);
    engine.push(bytesOf(late));
    const { selected, summary } = await look('new', { row: 2, hold: second!.hold });
    expect(summary).toMatchObject({ events: 4, accounted: { events: 3 } });
    expect(selected).toEqual({ row: 3, hold: second!.hold });
    const holdersOf = () => engine.ask('eventRows', [all, 0, 10]).map(({ holder }) => holder);
    expect(holdersOf()).toEqual(['cat-700', 'cat-701', '', 'cat-701']);
    expect(engine.ask('eventCount', [{ text: 'is:open', modules: [] }])).toBe(1);
    await engine.account();
    const found = await look('shown', selected);
    expect(found.selected).toEqual({ row: 3, hold: engine.ask('eventRows', [all, 1, 1])[0]!.hold });
    expect(holdersOf()).toEqual(['cat-700', 'cat-701', 'cat-800', 'cat-701']);
  });

  test('are accounted for with the look where a late event moves time zero', async () => {
    const { engine, look } = await grow(bytesOf(first));
    engine.push(bytesOf(line('99.000000', 'get: loop call_site=blkdev_get refcnt=2', 1, 800)));
    const { summary, behind } = await look();
    expect(behind).toBe(false);
    expect(summary).toMatchObject({ events: 4, accounted: { events: 4 } });
    expect(engine.ask('accountingAt', ['tun', summary.end]).holders[0]).toMatchObject({ name: 'cat', since: 1e9 });
  });

  test('wait for no pass that is overtaken: another buffer, a look at all and the end are of all there is', async () => {
    const recording = fixtureBytes('recordings/formats/report/buffer.report.txt');
    const cut = wholeLines(recording, Math.floor(recording.length / 2));
    const { engine, look } = await grow(cut);
    engine.push(wholeLines(recording, recording.length).subarray(cut.length));
    const { summary } = await look();
    expect(summary.buffers.length).toBeGreaterThan(1);
    const other = summary.buffers.find((buffer) => buffer !== summary.buffer)!;
    const accounting = engine.account();
    const chosen = engine.chooseBuffer(other);
    await accounting;
    expect(chosen).toMatchObject({ buffer: other, accounted: { events: chosen.events } });
    expect((await look('shown')).summary).toEqual(chosen);

    const again = engine.account();
    const ended = await engine.finish('live');
    await again;
    const opened = await open(recording);
    expect(ended.ok && ended.summary).toEqual(opened.chooseBuffer(other));
    expect(engine.ask('summary', [])).toEqual(opened.ask('summary', []));
  });
});

describe('a window that is shown events before they are accounted for', () => {
  const recording = fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt');
  const accountedAtOnce = 0;

  test('has work until all of them are, and is told of each step', async () => {
    const { write, shows, until, window, summary } = await watchGrowth({ accountedAtOnce });
    const half = wholeLines(recording, 1500).length;
    write(recording.subarray(0, half));
    await until(() => window.work === 0 && (summary()?.events ?? 0) > 0);
    write(recording.subarray(half));
    await until(() => summary()?.events === 26);
    expect(window.behind).toBeGreaterThan(0);
    expect(window.work).toBe(1);
    await shows(26);
    expect(summary()?.accounted.events).toBe(26);
  });

  test('is told who holds what in a view that is paused, and nothing else', async () => {
    const { write, shows, until, window, summary, growing } = await watchGrowth({ accountedAtOnce });
    const half = wholeLines(recording, 1500).length;
    write(recording.subarray(0, half));
    await until(() => window.work === 0 && (summary()?.events ?? 0) > 0);
    const more = wholeLines(recording, 2100).length;
    write(recording.subarray(half, more));
    await until(() => window.behind > 0);
    const { events } = summary()!;
    window.paused = true;
    write(recording.subarray(more));
    await until(() => window.arrived === 26 && window.work === 0);
    expect(summary()).toMatchObject({ events, accounted: { events } });
    expect(events).toBeLessThan(26);
    window.paused = false;
    growing.resume();
    await shows(26);
  });

  test('is told of all of it where the view is full, and at the end', async () => {
    const full = await watchGrowth({ accountedAtOnce, mostEvents: 20 });
    full.write(recording);
    expect(await full.ended).toEqual({ kind: 'full' });
    expect(full.summary()?.accounted.events).toBe(26);
    const ended = await watchGrowth({ accountedAtOnce });
    ended.write(recording);
    ended.finish();
    expect(await ended.ended).toEqual({ kind: 'ended' });
    expect(ended.summary()).toEqual((await open(recording)).ask('summary', []));
  });
});
