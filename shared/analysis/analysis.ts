import type { EventTable } from '../event-table/event-table.ts';
import type { HoldTable } from './hold-table.ts';

/** All that is known of a recording's references. Made once by `analyse`; asked by `accountFor` and `standingsAt`. */
export interface Analysis {
  /** The events of the one buffer that was analysed, in order of time. */
  readonly table: EventTable;
  readonly holds: HoldTable;
  /** `per-cpu`: a kernel before 3.19, whose printed number is no use count. */
  readonly refcounts: 'absolute' | 'per-cpu';
  /** Findings about the recording as a whole, in order of time. */
  readonly findings: readonly Finding[];
}

/** Something worth a person's eye that is no hold. */
export interface Finding {
  readonly kind: 'lost' | 'disagreement' | 'failed-load' | 'forced-unload' | 'forced-pairing' | 'filtered';
  readonly row: number;
  readonly module: string | undefined;
  readonly text: string;
}
