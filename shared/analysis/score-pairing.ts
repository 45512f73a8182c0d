import type { SiteClass } from './classify-call-sites.ts';

/** How well a put's call site fits a get's. */
export const PairScore = {
  /** The table of call sites knows both and they are no pair. */
  none: 0,
  putUnknown: 1,
  getUnknown: 2,
  /** The same symbol on both sides, or a put that printed only who invoked it (a work item, RCU, a timer). */
  generic: 3,
  sameKind: 4,
  /** The put is listed among those that release the get. */
  listed: 6,
  /** … and both are for the length of one call: a look-up and its end are meant for each other before anything else. */
  listedWithinCall: 7,
} as const;
export type PairScore = (typeof PairScore)[keyof typeof PairScore];

/**
 * Who invokes callbacks. A callback whose last act is module_put jumps there, so the invoker's name is printed.
 *
 * Source: kernel/workqueue.c process_one_work, kernel/rcu/tree.c rcu_do_batch, kernel/time/timer.c call_timer_fn, lib/kobject.c.
 */
const invokers = new Set([
  'process_one_work',
  'rcu_do_batch',
  'rcu_core',
  'rcu_nocb_cb_kthread',
  'call_timer_fn',
  'kobject_put',
  'device_release',
  '__sk_destruct',
  'sk_free',
]);

function score(get: SiteClass, put: SiteClass): PairScore {
  const { releasedBy, kind, certainty, symbol } = get.get;
  if (put.put.names.some((name) => releasedBy.has(name))) {
    return get.get.transient && put.put.transient ? PairScore.listedWithinCall : PairScore.listed;
  }
  if (kind !== 'unknown' && put.put.kinds.includes(kind)) return PairScore.sameKind;
  if (symbol === put.put.symbol || put.put.names.some((name) => invokers.has(name))) return PairScore.generic;
  if (certainty < 0) return PairScore.getUnknown;
  if (put.put.certainty < 0) return PairScore.putUnknown;
  return PairScore.none;
}

/** Scores pairs of call sites, each pair once. */
export function createPairScorer(sites: readonly SiteClass[]): (getSite: number, putSite: number) => PairScore {
  const known: PairScore[][] = sites.map(() => []);
  return (getSite, putSite) => {
    const scores = known[getSite];
    const put = sites[putSite];
    if (scores === undefined || put === undefined) return PairScore.none;
    scores[putSite] ??= score(sites[getSite]!, put);
    return scores[putSite];
  };
}
