import type { HoldHolder, HoldTable } from '../analysis/hold-table.ts';

/** Which entries of `HoldTable.holders` are one and the same to a person: each open has an entry of its own. */
export interface HolderIdentities {
  /** Per entry of `HoldTable.holders`, a place in `identities`. */
  readonly identityOf: Int32Array;
  /** The first entry of each. */
  readonly identities: readonly HoldHolder[];
}

/** Finds the entries of one task or module, whatever it holds (but as a loader), and those of one sort and name. */
export function identifyHolders({ holders }: HoldTable): HolderIdentities {
  const identityOf = new Int32Array(holders.length);
  const identities: HoldHolder[] = [];
  const places = new Map<string, number>();
  for (const [entry, holder] of holders.entries()) {
    const { kind, noun, name, pid } = holder;
    let key = `${kind === 'loader' ? kind : 'task'} ${pid} ${name}`;
    if (pid < 0) key = kind === 'module' ? `${kind} ${name}` : `${kind} ${noun} ${name}`;
    let place = places.get(key);
    if (place === undefined) {
      place = identities.push(holder) - 1;
      places.set(key, place);
    }
    identityOf[entry] = place;
  }
  return { identityOf, identities };
}
