import type { Analysis } from '../analysis/analysis.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { IndexIntoEvents, IndexIntoHolds, IndexIntoModules, RecordingTime } from '../units.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import { type Selection, selectHolds, selectRows } from '../view-model/selection.ts';
import { collectChunks } from './collect-chunks.ts';
import { describeHoldRow, describeRow } from './describe-rows.ts';

/**
 * A selection in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open, in chunks.
 *
 * Shape: each module is a process of its own; its references are a counter, its holds async slices (those of one holder
 * in one track), its events instants. Requests, which belong to no module, have a process of theirs. A hold without an
 * end in the recording ends with it, and says so in its arguments; the same for its start.
 *
 * Units: `ts` is microseconds with three decimals, of the recording's own clock; a recording in ticks counts them as
 * nanoseconds.
 *
 * Source: Trace Event Format, docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export function printPerfetto(name: string, analysis: Analysis, selection: Selection): Iterable<string> {
  return collectChunks(parts());
  function* parts() {
    const about = { recording: name, clock: analysis.table.clock.unit, refcounts: analysis.refcounts };
    yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`;
    let between = '\n';
    for (const event of new TraceEvents(analysis).of(selection)) {
      yield between + event;
      between = ',\n';
    }
    yield '\n]}\n';
  }
}

/** The kernel's own reference, which lsmod does not count. Source: kernel/module/main.c, MODULE_REF_BASE */
const BASE = 1;
const EVENTS_THREAD = 1;

class TraceEvents {
  private readonly analysis: Analysis;
  private readonly named = new Set<IndexIntoModules>();

  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }

  *of(selection: Selection): Generator<string> {
    const { table, holds } = this.analysis;
    for (const row of selectRows(this.analysis, selection)) {
      yield* this.nameOnce(table.module[row]!);
      yield this.instant(row);
      if (this.analysis.refcounts === 'absolute') yield* this.counter(row);
    }
    for (const hold of selectHolds(this.analysis, selection)) {
      yield* this.nameOnce(holds.module[hold]!);
      yield* this.slice(hold);
    }
  }

  private *nameOnce(module: IndexIntoModules): Generator<string> {
    if (this.named.has(module)) return;
    this.named.add(module);
    const pid = processOf(module);
    const name = this.analysis.table.modules[module] ?? 'module requests';
    yield JSON.stringify({ ph: 'M', pid, tid: 0, name: 'process_name', args: { name } });
    yield JSON.stringify({ ph: 'M', pid, tid: EVENTS_THREAD, name: 'thread_name', args: { name: 'events' } });
  }

  private instant(row: IndexIntoEvents): string {
    const { table } = this.analysis;
    const { event, callSite, alias, task, pid, cpu, line, refcount, taints, stack } = describeRow(
      this.analysis,
      row,
      -1,
    );
    const told = alias ?? callSite;
    return this.print(table.time[row]!, {
      ph: 'i',
      s: 't',
      cat: 'module',
      pid: processOf(table.module[row]!),
      tid: EVENTS_THREAD,
      name: told === undefined ? event : `${event} ${told}`,
      args: { task, pid, cpu, line, callSite, refcount, taints, stack: stack.length === 0 ? undefined : stack },
    });
  }

  private *counter(row: IndexIntoEvents): Generator<string> {
    const { table } = this.analysis;
    const kind = table.kind[row]!;
    if (kind === EventKind.request) return;
    // The load prints no number; the loader holds the one reference there is. After the free there is none.
    const references =
      kind === EventKind.load ? 1 : kind === EventKind.free ? 0 : Math.max(0, table.refcount[row]! - BASE);
    const pid = processOf(table.module[row]!);
    yield this.print(table.time[row]!, { ph: 'C', pid, tid: 0, name: 'references', args: { references } });
  }

  private *slice(hold: IndexIntoHolds): Generator<string> {
    const { table, holds } = this.analysis;
    const { callSite, confidence, open, start, getLine, putLine, transient } = describeHoldRow(this.analysis, hold);
    const slice = {
      cat: 'hold',
      id: `0x${hold.toString(16)}`,
      pid: processOf(holds.module[hold]!),
      tid: EVENTS_THREAD,
      name: labelHolder(holds.holders[holds.holder[hold]!]!),
    };
    const fromBefore = start === undefined ? true : undefined;
    const last = table.time[table.length - 1]!;
    yield this.print(Math.max(0, holds.start[hold]!), {
      ph: 'b',
      ...slice,
      args: { callSite, confidence, getLine, transient, fromBefore },
    });
    yield this.print(Math.min(last, holds.end[hold]!), {
      ph: 'e',
      ...slice,
      args: { putLine, stillOpen: open ? true : undefined },
    });
  }

  /** The stamp is written digit by digit: as a number it would be rounded where the clock is an epoch. */
  private print(time: RecordingTime, event: object): string {
    const stamp = this.analysis.table.clock.start + BigInt(Math.round(time));
    const nanoseconds = (stamp % 1000n).toString().padStart(3, '0');
    return `{"ts":${stamp / 1000n}.${nanoseconds},${JSON.stringify(event).slice(1)}`;
  }
}

/** 0 is the process of those that belong to no module. */
function processOf(module: IndexIntoModules): number {
  return module + 1;
}
