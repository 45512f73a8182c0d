import { describe, expect, test } from 'vitest';
import { type CommandState, recordedCommands } from '../../../renderer/terminal/recorded-commands.ts';
import type { RecordingSummary } from '../../../shared/view-model/recording-view.ts';

/** An hour and a half after the start of the machine; a number could not hold it to the nanosecond for long. */
const start = 9_007_199_254_740_993n;
const boot = 'b1b1b1b1-0000-4000-8000-000000000000';

const recording = (origin: RecordingSummary['origin'], unit: 'nanoseconds' | 'ticks' = 'nanoseconds') => ({
  summary: {
    clock: { unit, digits: 6, start },
    ...(origin === undefined ? {} : { origin }),
  } as RecordingSummary,
  bounds: { start: 0, end: 1_000, minSpan: 1 },
});
const command = (number: number, from: bigint, until: bigint | null, line = `command ${number}`) => ({
  terminal: 1,
  command: number,
  from: String(start + from),
  until: until === null ? null : String(start + until),
  line,
  exitCode: until === null ? null : 0,
});
const state = (change: Partial<CommandState> = {}): CommandState => ({
  recording: recording({ clock: 'mono', boot }),
  commands: [command(1, 10n, 20n), command(2, 500n, null)],
  keptCommands: [],
  boot,
  ...change,
});

describe('the commands of a recording', () => {
  test('stand in its time, exact to the nanosecond; what runs has no end yet', () => {
    expect(recordedCommands(state())).toEqual([
      { from: 10, until: 20, line: 'command 1', exitCode: 0 },
      { from: 500, until: Number.POSITIVE_INFINITY, line: 'command 2', exitCode: undefined },
    ]);
  });

  test('are those that ran during it, if only in part', () => {
    const commands = [
      command(1, -50n, -10n),
      command(2, -50n, 0n),
      command(3, 1_000n, 2_000n),
      command(4, 1_001n, 2_000n),
    ];
    expect(recordedCommands(state({ commands })).map(({ line }) => line)).toEqual(['command 2', 'command 3']);
  });

  test.each([
    ['another start of the machine', recording({ clock: 'mono', boot: 'b2' })],
    ['another clock', recording({ clock: 'local', boot })],
    ['a clock that nobody names', recording(undefined)],
    ['ticks', recording({ clock: 'mono', boot }, 'ticks')],
  ])('are not those of %s, which its own time says nothing about', (_what, other) => {
    expect(recordedCommands(state({ recording: other }))).toEqual([]);
    expect(recordedCommands(state({ boot: '', recording: recording({ clock: 'mono', boot: '' }) }))).toEqual([]);
  });

  test('are also those that its session kept, each of them once', () => {
    const keptCommands = [
      { from: 300, until: 310, line: 'from the session', exitCode: 1 },
      { from: 10, until: 10, line: 'command 1', exitCode: undefined },
    ];
    expect(recordedCommands(state({ keptCommands })).map(({ line, exitCode }) => [line, exitCode])).toEqual([
      ['command 1', 0],
      ['from the session', 1],
      ['command 2', undefined],
    ]);
  });
});
