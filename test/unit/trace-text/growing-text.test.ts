import { describe, expect, it } from 'vitest';
import type { ReadOutcome, Recording } from '../../../shared/event-table/recording.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { digestOutcome } from '../../support/digest-recording.ts';
import { listFixtures } from '../../support/list-fixtures.ts';
import { Chance, mutateText } from '../../support/mutate-text.ts';
import { fixtureBytes, readBytes, readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

const NEWLINE = 10;

/** Pushes bytes in pieces of any size and looks now and then; tells each look with how much of the text it was of. */
function readGrowing(
  bytes: Uint8Array,
  chance: Chance,
  longestPiece: number,
  onLook: (recording: Recording, pushed: number) => void,
): ReadOutcome {
  const reader = createTraceReader();
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + chance.below(longestPiece));
    reader.push(bytes.subarray(at, end));
    at = end;
    if (reader.failed === undefined && chance.below(3) === 0) onLook(reader.soFar(), at);
  }
  return reader.finish();
}

/** What opening the whole lines of a text's start gives. */
function openCut(bytes: Uint8Array, pushed: number): ReadOutcome {
  return readBytes(bytes.subarray(0, bytes.lastIndexOf(NEWLINE, pushed - 1) + 1));
}

function expectAsCut(recording: Recording, bytes: Uint8Array, pushed: number, where: string): void {
  const cut = openCut(bytes, pushed);
  // What holds no event is no recording yet.
  if (!cut.ok) expect(recording.table.length, where).toBe(0);
  else expect(digestOutcome({ ok: true, recording }), where).toBe(digestOutcome(cut));
}

const plain = listFixtures(60_000).filter((path) => !path.endsWith('.gz'));
const large = listFixtures().filter((path) => !plain.includes(path));

describe('a text that is looked at while it grows', { timeout: 240_000 }, () => {
  it('says at every look what opening the lines up to there says, and in the end what opening all of it says', () => {
    let looks = 0;
    for (const [seed, path] of plain.entries()) {
      const bytes = fixtureBytes(path);
      const chance = new Chance(seed);
      const outcome = readGrowing(bytes, chance, Math.max(80, bytes.length / 4), (recording, pushed) => {
        looks++;
        expectAsCut(recording, bytes, pushed, `${path} at ${pushed}`);
      });
      expect(digestOutcome(outcome), path).toBe(digestOutcome(readFixture(path)));
    }
    expect(looks).toBeGreaterThan(plain.length);
  });

  it('does so in pieces of a few bytes, looked at within lines, names and stacks', () => {
    const few = plain.filter((path) => fixtureBytes(path).length < 6000);
    expect(few.length).toBeGreaterThan(50);
    for (const [seed, path] of few.entries()) {
      const bytes = fixtureBytes(path);
      const chance = new Chance(seed);
      let looks = 0;
      const outcome = readGrowing(bytes, chance, 90, (recording, pushed) => {
        if (looks++ < 30) expectAsCut(recording, bytes, pushed, `${path} at ${pushed}`);
      });
      expect(digestOutcome(outcome), path).toBe(digestOutcome(readFixture(path)));
    }
  });

  it('does so for the largest recordings, also packed ones', () => {
    for (const [seed, path] of large.entries()) {
      const bytes = fixtureBytes(path);
      const chance = new Chance(seed);
      let looks = 0;
      const outcome = readGrowing(bytes, chance, bytes.length / 4, (recording, pushed) => {
        if (looks++ < 3) expectAsCut(recording, bytes, pushed, `${path} at ${pushed}`);
      });
      expect(digestOutcome(outcome), path).toBe(digestOutcome(readBytes(bytes)));
    }
  });

  it('does so for texts that are damaged in every way', () => {
    const seeds = plain.filter((path) => /seeds|stack|lost/.test(path)).slice(0, 40);
    expect(seeds.length).toBeGreaterThan(5);
    for (const [index, path] of seeds.entries())
      for (let round = 0; round < 4; round++) {
        const chance = new Chance(index * 10 + round);
        const bytes = mutateText(fixtureBytes(path), fixtureBytes(chance.pick(seeds)), chance);
        const outcome = readGrowing(bytes, chance, 700, (recording, pushed) =>
          expectAsCut(recording, bytes, pushed, `${path}, round ${round}, at ${pushed}`),
        );
        expect(digestOutcome(outcome), `${path}, round ${round}`).toBe(digestOutcome(readBytes(bytes)));
      }
  });

  it('sorts in what one CPU prints late, also before the very first event, keeps stacks and losses with their events, and leaves what it said before as it was', () => {
    const chance = new Chance(7);
    const lines: string[] = [];
    const clocks = [5_000_000, 4_000_000, 5_000_500];
    for (let i = 0; i < 400; i++) {
      const cpu = chance.below(3);
      clocks[cpu] = clocks[cpu]! + chance.below(4000);
      const stamp = `${Math.floor(clocks[cpu]! / 1e6)}.${String(clocks[cpu]! % 1e6).padStart(6, '0')}`;
      const task = `    worker-${String(100 + cpu)}`.padStart(20);
      if (chance.below(20) === 0) lines.push(`CPU:${cpu} [LOST ${1 + chance.below(50)} EVENTS]`);
      lines.push(`${task}    [00${cpu}] .....     ${stamp}: module_get: drm call_site=drm_open refcnt=${i + 2}`);
      if (chance.below(4) === 0)
        lines.push(
          `${task}    [00${cpu}] .....     ${stamp}: <stack trace>`,
          ' => drm_open',
          ` => from_${chance.below(9)}`,
        );
    }
    const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
    let late = 0;
    let before = 0n;
    for (let seed = 0; seed < 20; seed++) {
      const said: { recording: Recording; digest: string }[] = [];
      readGrowing(bytes, new Chance(seed), 3000, (recording, pushed) => {
        expectAsCut(recording, bytes, pushed, `seed ${seed} at ${pushed}`);
        const { start } = recording.table.clock;
        if (recording.table.length > 0 && start < before) late++;
        before = start;
        said.push({ recording, digest: digestOutcome({ ok: true, recording }) });
      });
      before = 0n;
      for (const { recording, digest } of said) expect(digestOutcome({ ok: true, recording })).toBe(digest);
    }
    const { table } = recordingOf(readBytes(bytes));
    expect(table.stacks.length).toBeGreaterThan(3);
    expect(table.lost.length).toBeGreaterThan(5);
    expect(late).toBeGreaterThan(0);
  });

  it('tells who a nameless task is only while no later line speaks against it', () => {
    const line = (comm: string, second: number) =>
      `${`${comm}-77`.padStart(20)}    [000] .....     ${second}.000000: module_get: drm call_site=drm_open refcnt=${second}\n`;
    const reader = createTraceReader();
    const push = (text: string) => reader.push(new TextEncoder().encode(text));
    const names = () => {
      const { table } = reader.soFar();
      return Array.from(table.task, (task) => table.tasks[task]!.comm);
    };
    push(line('Xorg', 1));
    push(line('<...>', 2));
    expect(names()).toEqual(['Xorg', 'Xorg']);
    push(line('bash', 3));
    expect(names()).toEqual(['Xorg', '<...>', 'bash']);
  });

  it('has no events while there are none, and says what it has of a text that is no recording', () => {
    const reader = createTraceReader();
    expect(reader.soFar().table.length).toBe(0);
    reader.push(new TextEncoder().encode('# tracer: nop\n#\n'));
    expect(reader.soFar().table.length).toBe(0);
    expect(reader.finish().ok).toBe(false);
    expect(readText('# tracer: nop\n#\n').ok).toBe(false);
  });

  it('copies no row twice: looking often costs hardly more than looking once', () => {
    const text = Array.from(
      { length: 30_000 },
      (_, i) =>
        `         worker-100     [000] .....     ${Math.floor(i / 1000)}.${String((i % 1000) * 1000).padStart(6, '0')}: module_get: drm call_site=drm_open refcnt=2\n`,
    );
    const reader = createTraceReader();
    let previous: ArrayBufferLike | undefined;
    let moved = 0;
    for (let i = 0; i < text.length; i += 300) {
      reader.push(new TextEncoder().encode(text.slice(i, i + 300).join('')));
      const { buffer } = reader.soFar().table.time;
      if (buffer !== previous) moved++;
      previous = buffer;
    }
    expect(reader.soFar().table.length).toBe(30_000);
    expect(moved).toBeLessThan(10);
  });
});
