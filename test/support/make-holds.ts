import { Confidence, type HoldHolder, type HoldTable } from '../../shared/analysis/hold-table.ts';

/** A hold in short; a start or an end that is not given lies outside the recording. */
export interface ShortHold {
  readonly start?: number;
  readonly end?: number;
  readonly holder?: string;
  readonly transient?: boolean;
}

/** A hold table of one module, in order of start, without events behind it. */
export function makeHolds(list: readonly ShortHold[]): HoldTable {
  const holds = [...list].sort((a, b) => startOf(a) - startOf(b) || 0);
  const names = [...new Set(holds.map(({ holder }) => holder ?? 'holder-1'))];
  return {
    length: holds.length,
    module: new Int32Array(holds.length),
    start: Float64Array.from(holds, startOf),
    end: Float64Array.from(holds, ({ end }) => end ?? Number.POSITIVE_INFINITY),
    startRow: new Int32Array(holds.length).fill(-1),
    endRow: new Int32Array(holds.length).fill(-1),
    holder: Int32Array.from(holds, ({ holder }) => names.indexOf(holder ?? 'holder-1')),
    confidence: new Uint8Array(holds.length).fill(Confidence.high),
    transient: Uint8Array.from(holds, ({ transient }) => (transient === true ? 1 : 0)),
    holders: names.map((name, colour): HoldHolder => {
      const [, comm, pid] = name.match(/^(.*)-(\d+)$/)!;
      return { kind: 'task', name: comm!, pid: Number(pid), noun: 'file', madeBy: false, colour };
    }),
  };
}

function startOf({ start }: ShortHold): number {
  return start ?? Number.NEGATIVE_INFINITY;
}
