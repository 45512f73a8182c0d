import type { Refcount } from '../../units.ts';
import type { ConfidenceName } from '../hold-table.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import type { Count, Thing } from './reference-rule.ts';
import { linkKey } from './rules/links.ts';

/** What one thing takes on the module in question. */
export interface ModuleClaim {
  readonly thing: Thing;
  readonly count: Count;
}

/** References of a module that are given to a thing. */
export interface FittedClaim {
  readonly thing: Thing;
  readonly references: Refcount;
  readonly confidence: ConfidenceName;
}

export interface Fit {
  readonly fitted: readonly FittedClaim[];
  /** Claims that there is no reference for: somebody is wrong, or the reading raced with the system. */
  readonly excess: readonly { readonly thing: Thing; readonly references: Refcount }[];
}

/** Links first: they are the kernel's own book. */
function levelOf({ thing, count }: ModuleClaim): number {
  if (thing.key === linkKey(thing.thing)) return 0;
  return { certain: 1, high: 2, medium: 3, low: 4 }[count.confidence];
}

/**
 * Gives the references of a module to what claims them, the surest first, and never more than there are. Where one
 * level claims more than is left, nobody can say which of it is wrong: what is given to it is medium at most.
 */
export function fitClaims(refcount: Refcount, claims: readonly ModuleClaim[]): Fit {
  const fitted: FittedClaim[] = [];
  const excess: { thing: Thing; references: Refcount }[] = [];
  let left = refcount;
  const give = (thing: Thing, wanted: number, confidence: ConfidenceName): number => {
    const references = Math.min(wanted, left);
    if (references > 0) fitted.push({ thing, references, confidence });
    left -= references;
    return wanted - references;
  };
  const ordered = claims.toSorted((a, b) => (a.thing.key < b.thing.key ? -1 : a.thing.key > b.thing.key ? 1 : 0));
  for (const level of [0, 1, 2, 3]) {
    const equals = ordered.filter((claim) => levelOf(claim) === level);
    const wanted = equals.reduce((sum, { count }) => sum + count.references, 0);
    const doubtful = wanted > left && level > 0;
    for (const { thing, count } of equals) {
      const refused = give(thing, count.references, doubtful && level < 3 ? 'medium' : count.confidence);
      if (refused > 0 && level < 3) excess.push({ thing, references: refused });
    }
  }
  // Descriptors that may share one open file: only as many files as the refcount asks for.
  for (const { thing, count } of ordered) if ((count.more ?? 0) > 0) give(thing, count.more!, 'medium');
  for (const claim of ordered) if (levelOf(claim) === 4) give(claim.thing, claim.count.references, 'low');
  return { fitted: join(fitted), excess };
}

/** The less sure of two. */
export const weaker = (a: ConfidenceName, b: ConfidenceName): ConfidenceName => {
  const levels: readonly ConfidenceName[] = ['low', 'medium', 'high', 'certain'];
  return levels[Math.min(levels.indexOf(a), levels.indexOf(b))]!;
};

/** Things that are gone through in one step. */
const STEP_THINGS = 1024;

/**
 * What claims references of each module, in steps of some milliseconds; of what is only possible, that for which every
 * module has references left.
 */
export function* claimReferences(
  { modules }: SnapshotIndex,
  things: ReadonlyMap<string, Thing>,
): Generator<void, ReadonlyMap<string, readonly ModuleClaim[]>> {
  const claims = new Map<string, ModuleClaim[]>([...modules.keys()].map((name) => [name, []]));
  const maybe: Thing[] = [];
  let steps = 0;
  for (const thing of things.values()) {
    if (++steps % STEP_THINGS === 0) yield;
    if (thing.together) maybe.push(thing);
    else for (const count of thing.counts) claims.get(count.module)?.push({ thing, count });
  }
  const lefts = new Map<string, number>();
  const leftOf = (name: string): number => {
    const known = lefts.get(name);
    if (known !== undefined) return known;
    const refcount = Math.max(0, modules.get(name)?.refcount ?? 0);
    const { fitted } = fitClaims(refcount, claims.get(name) ?? []);
    const left =
      refcount - fitted.reduce((sum, { references, confidence }) => sum + (confidence === 'low' ? 0 : references), 0);
    lefts.set(name, left);
    return left;
  };
  for (const thing of maybe.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    if (thing.counts.length === 0 || thing.counts.some(({ module, more = 0 }) => leftOf(module) < more)) continue;
    for (const count of thing.counts) {
      claims.get(count.module)?.push({ thing, count });
      // What is only possible takes from what is left; anything else may take from what others were given.
      if (count.references > 0) lefts.delete(count.module);
      else lefts.set(count.module, Math.max(0, leftOf(count.module) - (count.more ?? 0)));
    }
    if (++steps % STEP_THINGS === 0) yield;
  }
  return claims;
}

/** One line for each thing, as sure as its weakest part; hints stay apart. */
function join(fitted: readonly FittedClaim[]): FittedClaim[] {
  const joined = new Map<string, FittedClaim>();
  for (const claim of fitted) {
    const key = `${claim.thing.key}${claim.confidence === 'low' ? ' low' : ''}`;
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined
        ? claim
        : {
            ...known,
            references: known.references + claim.references,
            confidence: weaker(known.confidence, claim.confidence),
          },
    );
  }
  return [...joined.values()];
}
