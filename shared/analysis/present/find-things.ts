import { runSteps } from '../../run-steps.ts';
import type { SystemSnapshot } from '../../snapshot/system-snapshot.ts';
import { indexSnapshotInSteps, type SnapshotIndex } from './index-snapshot.ts';
import { type Count, type Found, keyOf, type ReferenceRule, type Thing } from './reference-rule.ts';
import { referenceRules } from './reference-rules.ts';

/** Pieces of evidence that one holder lists. */
const MOST_EVIDENCE = 16;
/** What is found in one step. */
const STEP_FINDS = 256;

/** What was found of one key while all is gone through: two finds are one holder that has it twice. */
interface Gathered {
  readonly first: Thing;
  object: string;
  readonly pids: Set<number>;
  readonly counts: Map<string, Count>;
  readonly evidence: Set<string>;
  readonly after: Set<string>;
}

function gather(first: Thing, second: Thing): Gathered {
  const { object } = first;
  const gathered = { first, object, pids: new Set<number>(), counts: new Map<string, Count>() };
  const all: Gathered = { ...gathered, evidence: new Set(), after: new Set() };
  add(all, first);
  add(all, second);
  return all;
}

function add(gathered: Gathered, { object, pids, counts, evidence, after = [] }: Found): void {
  if (object < gathered.object) gathered.object = object;
  for (const pid of pids) gathered.pids.add(pid);
  for (const count of counts) addCount(gathered.counts, count);
  for (const text of evidence) gathered.evidence.add(text);
  for (const key of after) gathered.after.add(key);
}

function addCount(counts: Map<string, Count>, count: Count): void {
  const key = `${count.module} ${count.confidence}`;
  const known = counts.get(key);
  if (known === undefined) {
    counts.set(key, count);
    return;
  }
  const more = (known.more ?? 0) + (count.more ?? 0);
  counts.set(key, { ...known, references: known.references + count.references, ...(more > 0 ? { more } : {}) });
}

/** What was found once stays as it is: most is, and it may name thousands that go before it. */
function settleOne(thing: Thing): Thing {
  const counts = new Map<string, Count>();
  for (const count of thing.counts) addCount(counts, count);
  return { ...thing, counts: [...counts.values()] };
}

function settle({ first, object, pids, counts, evidence, after }: Gathered): Thing {
  return {
    ...first,
    object,
    pids: [...pids].sort((a, b) => a - b),
    counts: [...counts.values()],
    evidence: [...evidence].sort().slice(0, MOST_EVIDENCE),
    after: [...after].sort(),
  };
}

function* findAll(index: SnapshotIndex, rule: ReferenceRule): Generator<Thing> {
  for (const found of rule.find(index)) {
    // A rule names what the kernel would count on. Where that is built in, or not loaded, nothing is counted.
    const counts = found.counts.filter(({ module }) => index.modules.has(module));
    yield { ...found, counts, key: keyOf(rule, found.thing), rule };
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
  return known.get(snapshot) ?? runSteps(findThingsInSteps(snapshot));
}

/** The same in steps of some milliseconds, between which other work may be done. */
export function* findThingsInSteps(snapshot: SystemSnapshot): Generator<void, FoundThings> {
  const index = yield* indexSnapshotInSteps(snapshot);
  const firsts = new Map<string, Thing>();
  const gathered = new Map<string, Gathered>();
  let count = 0;
  for (const rule of referenceRules) {
    for (const thing of findAll(index, rule)) {
      const first = firsts.get(thing.key);
      const same = gathered.get(thing.key);
      if (first === undefined) firsts.set(thing.key, thing);
      else if (same === undefined) gathered.set(thing.key, gather(first, thing));
      else add(same, thing);
      if (++count % STEP_FINDS === 0) yield;
    }
    yield;
  }
  const things = new Map<string, Thing>();
  for (const [key, first] of firsts) {
    const all = gathered.get(key);
    things.set(key, all === undefined ? settleOne(first) : settle(all));
    if (things.size % STEP_FINDS === 0) yield;
  }
  const found = { index, things };
  known.set(snapshot, found);
  return found;
}
