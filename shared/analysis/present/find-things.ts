import type { SystemSnapshot } from '../../snapshot/system-snapshot.ts';
import { indexSnapshot, type SnapshotIndex } from './index-snapshot.ts';
import { type Count, type Found, keyOf, type ReferenceRule, type Thing } from './reference-rule.ts';
import { referenceRules } from './reference-rules.ts';

/** Pieces of evidence that one holder lists. */
const MOST_EVIDENCE = 16;

function addCounts(left: readonly Count[], right: readonly Count[]): Count[] {
  const counts = new Map(left.map((count) => [`${count.module} ${count.confidence}`, count]));
  for (const count of right) {
    const key = `${count.module} ${count.confidence}`;
    const known = counts.get(key);
    counts.set(
      key,
      known === undefined
        ? count
        : {
            ...known,
            references: known.references + count.references,
            ...((known.more ?? 0) + (count.more ?? 0) > 0 ? { more: (known.more ?? 0) + (count.more ?? 0) } : {}),
          },
    );
  }
  return [...counts.values()];
}

/** Two finds of one key are one holder that has it twice. */
function join(left: Thing, right: Found): Thing {
  const later = right.object < left.object ? right : left;
  return {
    ...left,
    object: later.object,
    pids: [...new Set([...left.pids, ...right.pids])].sort((a, b) => a - b),
    counts: addCounts(left.counts, right.counts),
    evidence: [...new Set([...left.evidence, ...right.evidence])].sort().slice(0, MOST_EVIDENCE),
    after: [...new Set([...(left.after ?? []), ...(right.after ?? [])])].sort(),
  };
}

function* findAll(index: SnapshotIndex, rules: readonly ReferenceRule[]): Generator<Thing> {
  for (const rule of rules) {
    for (const found of rule.find(index)) {
      // A rule names what the kernel would count on. Where that is built in, or not loaded, nothing is counted.
      const counts = found.counts.filter(({ module }) => index.modules.has(module));
      yield { ...found, counts, key: keyOf(rule, found.thing), rule };
    }
  }
}

/** A snapshot with everything in it that counts on a module, or that must end before something that does, by key. */
export interface FoundThings {
  readonly index: SnapshotIndex;
  readonly things: ReadonlyMap<string, Thing>;
}

const known = new WeakMap<SystemSnapshot, FoundThings>();

/** Looks a snapshot through. Once for each: a plan is asked for more often than the system is looked at. */
export function findThings(snapshot: SystemSnapshot): FoundThings {
  let found = known.get(snapshot);
  if (found === undefined) {
    const index = indexSnapshot(snapshot);
    const things = new Map<string, Thing>();
    for (const thing of findAll(index, referenceRules)) {
      const same = things.get(thing.key);
      things.set(thing.key, same === undefined ? { ...thing, counts: addCounts([], thing.counts) } : join(same, thing));
    }
    found = { index, things };
    known.set(snapshot, found);
  }
  return found;
}
