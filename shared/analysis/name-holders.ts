import type { EventTable, Task } from '../event-table/event-table.ts';
import type { CallSiteFact } from './call-sites/know-call-site.ts';
import { type SiteClass, SiteRole } from './classify-call-sites.ts';
import { RowFlag, type ThreadContext } from './follow-threads.ts';
import { type HoldCollector, HoldEnd, HoldOrigin, NEVER } from './hold-collector.ts';
import { Confidence, type HolderKind, type HoldHolder } from './hold-table.ts';
import { type HolderSort, holderSort, isClosedByTaker } from './holder-kinds.ts';
import { lostBetween } from './lost-between.ts';
import { PairNumbers } from './number-pairs.ts';
import type { TaskNumbers } from './number-tasks.ts';
import { PairScore } from './score-pairing.ts';
import type { ModuleLives } from './track-module-lives.ts';

/** A holder with the words to tell of it. One object for all that the same one holds in the same way. */
export interface NamedHolder extends HoldHolder {
  readonly plural: string;
}

/** Whether a holder is a module that uses this one's symbols: what lsmod lists as `Used by`. */
export function isLink({ kind, noun }: HoldHolder): boolean {
  return kind === 'module' && noun === linkSort.noun;
}

/** How the noun of a filesystem ends that a module keeps for itself. */
export const OWN_FILESYSTEM = ' filesystem';

/** Who holds, and how sure that is before any doubt that comes later. */
export interface Claim {
  readonly holder: NamedHolder;
  readonly confidence: Confidence;
}

/** Tasks of the kernel that do other people's work: a put of theirs says nothing about who held. */
function worksForOthers({ comm, pid }: Task): boolean {
  return pid === 0 || /^(kworker|ksoftirqd|rcu|migration|swapper|kthreadd|cryptomgr)/.test(comm);
}

const loaderSort = holderSort('loader');
const linkSort = holderSort('module-link');
const unknownSort = holderSort('unknown');

/** Names the holder of each hold from its get, its put and what its thread was about. */
export function createHolderNamer(
  table: EventTable,
  sites: readonly SiteClass[],
  context: ThreadContext,
  tasks: TaskNumbers,
  lives: ModuleLives,
  holds: HoldCollector,
): (hold: number) => Claim {
  // Persons are numbered as they come, and are as many colours, so that the first dozen never share one.
  const words = new Map<string, number>();
  const persons = new PairNumbers();
  const manners = new PairNumbers();
  const known = new PairNumbers();
  const holders: NamedHolder[] = [];

  function wordNumber(word: string): number {
    let number = words.get(word);
    if (number === undefined) {
      number = words.size;
      words.set(word, number);
    }
    return number;
  }

  function named(
    kind: HolderKind,
    name: string,
    pid: number,
    { noun, plural }: HolderSort,
    madeBy: boolean,
  ): NamedHolder {
    const colour = persons.number(wordNumber(name), pid);
    const manner = manners.number(wordNumber(noun), wordNumber(kind) * 2 + (madeBy ? 1 : 0));
    const number = known.number(colour, manner);
    holders[number] ??= { kind, name, pid, colour, noun, plural, madeBy };
    return holders[number];
  }

  // Most holders are tasks: found by task and sort, without looking their names up for each hold.
  function listOf(lists: Map<HolderSort, (NamedHolder | undefined)[]>, sort: HolderSort): (NamedHolder | undefined)[] {
    let list = lists.get(sort);
    if (list === undefined) {
      list = new Array<NamedHolder | undefined>(table.tasks.length + 1);
      lists.set(sort, list);
    }
    return list;
  }
  const byTask = new Map<HolderSort, (NamedHolder | undefined)[]>();
  function taskOf(row: number, sort: HolderSort, kind = sort.kind): NamedHolder {
    const index = table.task[row]!;
    const task = table.tasks[index];
    if (kind !== sort.kind || task === undefined) return named(kind, task?.comm ?? '', task?.pid ?? -1, sort, false);
    const ofSort = listOf(byTask, sort);
    ofSort[index] ??= named(kind, task.comm, task.pid, sort, false);
    return ofSort[index];
  }
  const byMaker = new Map<HolderSort, (NamedHolder | undefined)[]>();
  function makerOf(row: number, sort: HolderSort): NamedHolder {
    const comm = table.task[row]! < 0 ? 0 : tasks.commOf[table.task[row]!]! + 1;
    const makers = listOf(byMaker, sort);
    makers[comm] ??= named(sort.kind, table.tasks[table.task[row]!]?.comm ?? '', -1, sort, true);
    return makers[comm];
  }
  const sortOfSite = sites.map(({ get }) => holderSort(get.kind));
  const moduleOf = (row: number, sort: HolderSort): NamedHolder =>
    named('module', table.modules[table.module[row]!]!, -1, sort, false);
  const siteAt = (row: number): SiteClass | undefined => sites[table.callSite[row]!];
  const helperAt = (row: number): boolean => {
    const task = table.tasks[table.task[row]!];
    return task === undefined || worksForOthers(task);
  };
  const nobody = (kind: 'baseline' | 'unknown', name: string): Claim => ({
    holder: named(kind, name, -1, unknownSort, false),
    confidence: Confidence.low,
  });

  /** A reference that no get shows: only its end can tell whose it was. */
  function nameUnexplained(hold: number): Claim {
    const unseen = holds.origin[hold] === HoldOrigin.unseen;
    const none = unseen
      ? nobody('unknown', 'taken where the counts do not add up')
      : nobody('baseline', 'taken before the recording');
    const end = holds.end[hold]!;
    const row = holds.endRow[hold]!;
    if (end === HoldEnd.known) {
      if ((context.flags[row]! & RowFlag.unlinked) === 0) return none;
      // A module that was loaded in the recording did not link before it: its own link is missing, and this is another's.
      if (lives.loadOf(context.by[row]!) > holds.beginRow[hold]!) return none;
      return {
        holder: moduleOf(context.by[row]!, linkSort),
        confidence: unseen || lostBetween(table, -1, row) ? Confidence.medium : Confidence.high,
      };
    }
    if (end !== HoldEnd.foreign) return none;
    const put = siteAt(row)?.put;
    if (put === undefined || put.kind === 'unknown') return none;
    const sort = holderSort(put.kind);
    if ((context.flags[row]! & RowFlag.inExit) !== 0) {
      // Its exit function gives back what the module held; what it held of itself was somebody else's.
      const freed = table.module[context.by[row]!]!;
      if (freed === holds.module[hold]) return none;
      return { holder: moduleOf(context.by[row]!, initSort(hold, false, put)), confidence: Confidence.medium };
    }
    if (put.kind === 'loader') return { holder: taskOf(row, sort), confidence: Confidence.medium };
    if (sort.kind === 'mount') {
      return {
        holder: named('mount', table.modules[holds.module[hold]!]!, -1, sort, false),
        confidence: Confidence.medium,
      };
    }
    if (sort.belongsTo === 'object' || helperAt(row)) return none;
    return { holder: taskOf(row, sort), confidence: Confidence.medium };
  }

  function nameLink(hold: number, row: number): Claim {
    const flags = context.flags[row]!;
    const end = holds.end[hold]!;
    if ((flags & RowFlag.failedLink) !== 0) return { holder: taskOf(row, loaderSort), confidence: Confidence.high };
    if ((flags & RowFlag.linked) !== 0) {
      const gone = lives.endOf(context.by[row]!);
      // Its own module was freed, and nothing shows the reference being given back: it is gone, or soon.
      if (gone < holds.endRow[hold]! && end !== HoldEnd.known)
        holds.lowFrom[hold] = Math.min(holds.lowFrom[hold]!, gone);
      return {
        holder: moduleOf(context.by[row]!, linkSort),
        confidence: end === HoldEnd.known ? Confidence.certain : Confidence.high,
      };
    }
    const endRow = holds.endRow[hold]!;
    if (end === HoldEnd.known && (context.flags[endRow]! & RowFlag.unlinked) !== 0) {
      return { holder: moduleOf(context.by[endRow]!, linkSort), confidence: Confidence.medium };
    }
    return {
      holder: named('module', 'a module whose load is not recorded', -1, linkSort, false),
      confidence: Confidence.low,
    };
  }

  /** What a module's init function takes is the module's own. */
  function nameInit(hold: number, row: number, site: SiteClass): Claim {
    const loadRow = context.by[row]!;
    const own = table.module[loadRow] === holds.module[hold];
    const sort = initSort(hold, own, site.get);
    const gone = lives.endOf(loadRow);
    if (gone < holds.endRow[hold]!) holds.lowFrom[hold] = Math.min(holds.lowFrom[hold]!, gone);
    const end = holds.end[hold]!;
    if (end === HoldEnd.foreign) {
      const put = siteAt(holds.endRow[hold]!)!.put;
      if (put.kind === 'kernel-thread')
        return { holder: taskOf(holds.endRow[hold]!, holderSort(put.kind)), confidence: Confidence.medium };
    }
    const sure =
      site.get.certainty >= 1 &&
      end !== HoldEnd.forced &&
      (end !== HoldEnd.foreign || holds.score[hold]! >= PairScore.generic);
    return { holder: moduleOf(loadRow, sort), confidence: sure ? Confidence.high : Confidence.medium };
  }

  function initSort(hold: number, own: boolean, fact: CallSiteFact): HolderSort {
    const sort = holderSort(fact.kind);
    if (sort.kind === 'mount') {
      const module = table.modules[holds.module[hold]!]!;
      const label = module === 'drm' ? 'DRM' : module;
      return { ...sort, kind: 'module', noun: `${label}${OWN_FILESYSTEM}`, plural: `${label}${OWN_FILESYSTEM}s` };
    }
    if (fact.certainty < 0 && own) return { ...sort, noun: 'own reference', plural: 'own references' };
    return sort;
  }

  function nameTaker(hold: number, row: number, site: SiteClass, sort: HolderSort): Claim {
    const { certainty, transient, kind } = site.get;
    const holder = taskOf(row, sort);
    const score = holds.score[hold]!;
    switch (holds.end[hold]) {
      case HoldEnd.own: {
        if (score === PairScore.none) return { holder, confidence: Confidence.low };
        // Across a loss the put may belong to another get of the same process, one that was lost.
        const sure = certainty >= 1 && score >= PairScore.generic && !lostBetween(table, row, holds.endRow[hold]!);
        return { holder, confidence: sure ? Confidence.high : Confidence.medium };
      }
      case HoldEnd.foreign:
        return { holder, confidence: score >= PairScore.generic ? Confidence.medium : Confidence.low };
      case HoldEnd.forced:
        return { holder, confidence: Confidence.low };
      default:
        if (certainty >= 1) return { holder, confidence: transient ? Confidence.low : Confidence.high };
        return { holder, confidence: certainty < 0 && kind !== 'unknown' ? Confidence.medium : Confidence.low };
    }
  }

  function nameGiver(hold: number, row: number, site: SiteClass, sort: HolderSort): Claim {
    if (holds.end[hold] === HoldEnd.foreign) {
      const endRow = holds.endRow[hold]!;
      return {
        holder: taskOf(endRow, sort),
        confidence: helperAt(endRow) && sort.kind !== 'kernel' ? Confidence.low : Confidence.medium,
      };
    }
    const forOthers = helperAt(row) && holds.end[hold] !== HoldEnd.own;
    return {
      holder: taskOf(row, sort),
      confidence: forOthers || site.get.certainty < 1 ? Confidence.low : Confidence.medium,
    };
  }

  function nameObject(hold: number, row: number, site: SiteClass, sort: HolderSort): Claim {
    const end = holds.end[hold]!;
    if (end === HoldEnd.own && isClosedByTaker(site.get.kind))
      return { holder: taskOf(row, sort, 'task'), confidence: Confidence.high };
    const sure = site.get.certainty >= 1 && end !== HoldEnd.forced && !site.get.transient;
    const fits = end !== HoldEnd.foreign || holds.score[hold]! >= PairScore.generic;
    return { holder: makerOf(row, sort), confidence: sure && fits ? Confidence.high : Confidence.low };
  }

  return (hold) => {
    const origin = holds.origin[hold]!;
    if (origin === HoldOrigin.loader) {
      return { holder: taskOf(holds.beginRow[hold]!, loaderSort), confidence: Confidence.certain };
    }
    if (origin !== HoldOrigin.get) return nameUnexplained(hold);
    const row = holds.beginRow[hold]!;
    const site = siteAt(row);
    if (site === undefined) return nobody('unknown', 'taken at no call site');
    const flags = context.flags[row]!;
    if (site.getRole === SiteRole.link) return nameLink(hold, row);
    if ((flags & RowFlag.inInit) !== 0) return nameInit(hold, row, site);
    const sort = sortOfSite[table.callSite[row]!]!;
    if ((flags & RowFlag.inMount) !== 0 && holds.end[hold] !== HoldEnd.own) {
      const type = table.modules[table.module[context.by[row]!]!]!;
      const confidence =
        site.get.certainty >= 1 && holds.end[hold] !== HoldEnd.forced ? Confidence.high : Confidence.medium;
      return { holder: named('mount', type, -1, sort, false), confidence };
    }
    if (sort.kind === 'mount') {
      const type = table.modules[holds.module[hold]!]!;
      const sure = site.get.certainty >= 1 && !site.get.transient && holds.end[hold] !== HoldEnd.forced;
      // Without the look-up that begins mount(2) it may as well be a driver's own, whose load is not recorded.
      return { holder: named('mount', type, -1, sort, false), confidence: sure ? Confidence.medium : Confidence.low };
    }
    if (sort.belongsTo === 'giver') return nameGiver(hold, row, site, sort);
    if (sort.belongsTo === 'object') return nameObject(hold, row, site, sort);
    return nameTaker(hold, row, site, sort);
  };
}

/** The confidence of a hold over its whole life: the least that it is at any time. */
export function leastConfidence(holds: HoldCollector, hold: number, confidence: Confidence): Confidence {
  const end = holds.endRow[hold]!;
  if (holds.lowFrom[hold]! !== NEVER && holds.lowFrom[hold]! < end) return Confidence.low;
  if (holds.mediumFrom[hold]! !== NEVER && holds.mediumFrom[hold]! < end)
    return Math.min(confidence, Confidence.medium) as Confidence;
  return confidence;
}
