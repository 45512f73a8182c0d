import type { EventTable } from '../event-table/event-table.ts';
import type { BuiltHolds } from './build-hold-table.ts';
import type { SiteClass } from './classify-call-sites.ts';
import type { ThreadContext } from './follow-threads.ts';
import type { HoldTable } from './hold-table.ts';
import type { HoldIndex } from './index-holds.ts';
import type { RowsByModule } from './index-rows-by-module.ts';

/** All that is known of a recording's references. Made once by `analyse`; asked by `accountFor` and `standingsAt`. */
export interface Analysis {
  /** The events of the one buffer that was analysed, in order of time. */
  readonly table: EventTable;
  readonly holds: HoldTable;
  /** `per-cpu`: a kernel before 3.19, whose printed number is no use count. */
  readonly refcounts: 'absolute' | 'per-cpu';
  /** Findings about the recording as a whole, in order of time. */
  readonly findings: readonly Finding[];
  /** What the questions are answered from; nobody's business outside of this folder. */
  readonly detail: AnalysisDetail;
}

export interface AnalysisDetail {
  readonly sites: readonly SiteClass[];
  readonly context: ThreadContext;
  readonly rows: RowsByModule;
  readonly built: BuiltHolds;
  readonly index: HoldIndex;
  readonly moduleNumbers: ReadonlyMap<string, number>;
  /** Per place in `rows.rows`: references after that event as lsmod counts them; −1 where not known. */
  readonly lsmodAfter: Int32Array;
  /** Per place in `rows.rows`: how many open holds after that event have no believable holder. */
  readonly unexplainedAfter: Int32Array;
  /** Per module, in order: the holds of its loader (one per load), and those of the modules that link to it. */
  readonly loaders: readonly (readonly number[])[];
  readonly links: readonly (readonly number[])[];
  /** Rows before which events were lost, in order. */
  readonly lostRows: Int32Array;
}

/** What a list or a picture reads of an analysis. Where events have come since, the table is longer than the holds know. */
export type EventsAndHolds = Pick<Analysis, 'table' | 'holds'>;

/** Something worth a person's eye that is no hold. */
export interface Finding {
  readonly kind: 'lost' | 'disagreement' | 'failed-load' | 'forced-unload' | 'forced-pairing' | 'filtered';
  readonly row: number;
  readonly module: string | undefined;
  readonly text: string;
}
