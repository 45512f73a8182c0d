import type { PresentAccounting, ReleasePlan } from '../analysis/present/present-accounting.ts';
import type { SystemSnapshot } from '../snapshot/system-snapshot.ts';
import { escapeJson } from './escape-json.ts';
import { compareStuck } from './why-text.ts';

/** What `undefined` is on the wire. */
type Wire<Value> = Value extends undefined
  ? null
  : Value extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Wire<Value[Key]> }
      : Value;

/** The answer as data. Shape: format 1, every field of which is told in README.md. */
export interface WhyAnswer {
  readonly format: 1;
  readonly snapshot: {
    readonly kernel: string;
    /** CLOCK_MONOTONIC in seconds. */
    readonly began: number;
    readonly ended: number;
    readonly asRoot: boolean;
    readonly unseen: Wire<SystemSnapshot['unseen']>;
  };
  readonly modules: readonly Wire<PresentAccounting>[];
  /** Only where one module was asked for. */
  readonly plan: Wire<ReleasePlan> | null;
}

/** A field that is undefined would be left out: it is there, and null. */
function withNulls<Value>(value: Value): Wire<Value> {
  if (value === undefined) return null as Wire<Value>;
  if (typeof value !== 'object' || value === null) return value as Wire<Value>;
  if (Array.isArray(value)) return value.map(withNulls) as Wire<Value>;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNulls(inner)])) as Wire<Value>;
}

const NS_PER_S = 1e9;

/** Says who holds modules now as JSON text; `WhyAnswer` is what a program reads from it. */
export function whyJson(
  accounts: readonly PresentAccounting[],
  snapshot: SystemSnapshot,
  plan: ReleasePlan | undefined,
): string {
  const answer: WhyAnswer = {
    format: 1,
    snapshot: {
      kernel: snapshot.kernel,
      began: Number(snapshot.began) / NS_PER_S,
      ended: Number(snapshot.ended) / NS_PER_S,
      asRoot: snapshot.asRoot,
      unseen: snapshot.unseen.map(withNulls),
    },
    modules: accounts.toSorted(compareStuck).map(withNulls),
    plan: plan === undefined ? null : withNulls(plan),
  };
  return `${escapeJson(JSON.stringify(answer, undefined, 2))}\n`;
}
