import type { PresentAccounting, ReleasePlan } from '../analysis/present/present-accounting.ts';
import { createPresentGraphs } from '../graph/present-graph.ts';
import type { LoadedModule, SystemSnapshot } from '../snapshot/system-snapshot.ts';
import type { PresentStanding, PresentView } from './present-view.ts';

/** What the analysis made of a snapshot. */
export interface PresentAnalysis {
  readonly snapshot: SystemSnapshot;
  readonly accounts: readonly PresentAccounting[];
  /** Made when it is asked for. */
  plan(module: string): ReleasePlan;
}

/** Draws what a window asks for from one snapshot after the other; graphs that show the same keep their layout. */
export function createPresentViews(): (analysis: PresentAnalysis) => PresentView {
  const graphs = createPresentGraphs();
  return ({ snapshot, accounts, plan }) => {
    const loaded = new Map(snapshot.modules.map((module) => [module.name, module]));
    const accountOf = new Map(accounts.map((account) => [account.module, account]));
    const { kernel, asRoot, unseen } = snapshot;
    const uptime = readUptime(snapshot);
    return {
      overview: () => ({
        kernel,
        asRoot,
        at: Number(snapshot.ended),
        took: Number(snapshot.ended - snapshot.began),
        processes: snapshot.processes.size,
        unseen,
        modules: accounts
          .flatMap((account) => {
            const module = loaded.get(account.module);
            return module === undefined ? [] : [describeStanding(account, module)];
          })
          .sort((a, b) => (a.module < b.module ? -1 : 1)),
      }),
      account: (name, most) => {
        const accounting = accountOf.get(name);
        const module = loaded.get(name);
        if (accounting === undefined || module === undefined) return undefined;
        const holders = accounting.holders.slice(0, most);
        const rest = accounting.holders.slice(most);
        const more = { holders: rest.length, references: rest.reduce((sum, { references }) => sum + references, 0) };
        return { accounting: { ...accounting, holders }, more, plan: plan(name), asRoot, uptime };
      },
      graph: (query) => graphs(accounts, query),
    };
  };
}

function describeStanding(account: PresentAccounting, module: LoadedModule): PresentStanding {
  const { refcount, linked, probable, unexplained, state, permanent, taints } = account;
  return {
    module: account.module,
    size: module.size,
    refcount,
    linked,
    probable,
    unexplained,
    usedBy: module.holders,
    state,
    permanent,
    taints,
    raced: module.refcountAfter !== module.refcount,
  };
}

/** Source: proc_uptime(5); CLOCK_MONOTONIC, which stands still in suspend, where that was not read. */
function readUptime({ texts, ended }: SystemSnapshot): number {
  const seconds = Number.parseFloat(texts.get('/proc/uptime') ?? '');
  return Number.isFinite(seconds) ? seconds : Number(ended) / 1e9;
}
