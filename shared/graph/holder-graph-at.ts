import { accountFor } from '../analysis/account-for.ts';
import type { HolderAccount } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { Confidence, type ConfidenceName } from '../analysis/hold-table.ts';
import type { IndexIntoHolds, IndexIntoModules, RecordingTime } from '../units.ts';
import type { Ties } from './collect-ties.ts';
import { type Parties, partiesOf } from './group-tasks.ts';
import type { GraphEdge, GraphNode } from './holder-graph.ts';

/** The graph at one time, by party. */
export interface MomentaryGraph {
  /** Only what is there. */
  readonly nodes: ReadonlyMap<number, GraphNode>;
  readonly edges: readonly { readonly from: number; readonly to: number; readonly edge: GraphEdge }[];
}

const LEVELS = Object.keys(Confidence) as ConfidenceName[];
const MOST_HOLDS = 100;
const MOST_PIDS = 12;

/** What is known of an edge while its holds are gone through. */
interface EdgeFacts {
  references: number;
  isLink: boolean;
  readonly sites: Map<string, number>;
  since: RecordingTime;
  until: RecordingTime;
  confidence: number;
  holds: number[];
  passes: boolean;
}

interface NodeFacts {
  references: number;
  unexplained: number;
  passing: number;
  /** Ends of ties that are part of one now. */
  readonly active: Set<number>;
}

export interface MomentaryOptions {
  /** Also what has ended by then. */
  readonly ended: boolean;
  /** An end of a tie that is there even when nothing holds it. */
  readonly always?: number | undefined;
  /** Only arrows that at least one such hold is behind, and who is at their ends; without it everything. */
  readonly passes?: ((hold: IndexIntoHolds) => boolean) | undefined;
}

/**
 * Who holds which module at a time: the accounts of all modules, put together by holder.
 *
 * References that are only passing are counted at their module and have no arrow.
 */
export function holderGraphAt(
  analysis: Analysis,
  ties: Ties,
  parties: Parties,
  time: RecordingTime,
  { ended, always, passes = () => true }: MomentaryOptions,
): MomentaryGraph {
  const edges = new Map<number, EdgeFacts>();
  const nodes = new Map<number, NodeFacts>();
  const count = parties.parties.length;
  const { POSITIVE_INFINITY: later, NEGATIVE_INFINITY: before } = Number;
  const nodeOf = (end: number): NodeFacts =>
    provide(nodes, parties.partyOf[end]!, () => ({ references: 0, unexplained: 0, passing: 0, active: new Set() }));
  const edgeOf = (tie: number): EdgeFacts => {
    const { from, to } = partiesOf(parties, ties.ties[tie]!);
    const none = () => ({
      references: 0,
      isLink: true,
      sites: new Map(),
      since: later,
      until: before,
      confidence: LEVELS.length - 1,
      holds: [],
      passes: false,
    });
    return provide(edges, from * count + to, none);
  };

  /** Adds what a module's account says, and counts its references. */
  const account = (module: IndexIntoModules, end: number): void => {
    let passing = 0;
    for (const one of accountFor(analysis, analysis.table.modules[module]!, time).holders) {
      // One account is of one holder and one module, so all its lasting holds are of one tie.
      const lasting = one.holds.filter((hold) => ties.tieOfHold[hold]! >= 0);
      passing += one.holds.length - lasting.length;
      if (lasting.length === 0) continue;
      const place = ties.tieOfHold[lasting[0]!]!;
      const { from } = ties.ties[place]!;
      const references = one.references - (one.holds.length - lasting.length);
      const edge = edgeOf(place);
      addAccount(edge, one, references, lasting);
      edge.passes ||= lasting.some(passes);
      nodeOf(from).active.add(from);
      const target = nodeOf(end);
      target.active.add(end);
      target.references += references;
      if (one.confidence === 'low') target.unexplained += references;
    }
    const target = nodes.get(parties.partyOf[end]!);
    if (target === undefined) return;
    target.passing = passing;
    target.references += passing;
  };

  // Those that may be held at this time, with the ends of ties that they are; then those that only hold.
  const held = new Map<IndexIntoModules, number>();
  for (const { module, to, start, end } of ties.ties) if (start <= time && time < end) held.set(module, to);
  for (const [module, end] of held) account(module, end);
  if (always !== undefined) nodeOf(always);
  for (const party of [...nodes.keys()]) {
    const end = parties.parties[party]!.members[0]!;
    const { module } = ties.ends[end]!;
    if (module >= 0 && !held.has(module)) account(module, end);
  }
  if (ended) {
    for (const [place, tie] of ties.ties.entries()) {
      if (tie.start > time) continue;
      nodeOf(tie.from);
      nodeOf(tie.to);
      const edge = edgeOf(place);
      if (edge.references > 0) continue;
      addEnded(edge, analysis, ties.holdsOf.of(place), time);
      edge.passes ||= edge.holds.some(passes);
    }
  }
  const kept = [...edges].filter(([, facts]) => facts.passes);
  const ends = new Set(kept.flatMap(([key]) => [Math.floor(key / count), key % count]));
  if (always !== undefined) ends.add(parties.partyOf[always]!);
  const isShown = (party: number) => kept.length === edges.size || ends.has(party);
  const all = [...nodes].filter(([party]) => isShown(party));
  const shown = new Map(all.map(([party, facts]) => [party, describeNode(ties, parties, party, facts)]));
  return {
    nodes: shown,
    edges: kept.map(([key, facts]) => {
      const from = Math.floor(key / count);
      const to = key % count;
      return { from, to, edge: describeEdge(shown.get(from)!, shown.get(to)!, facts) };
    }),
  };
}

function provide<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function addAccount(edge: EdgeFacts, account: HolderAccount, references: number, holds: readonly number[]): void {
  edge.references += references;
  edge.isLink &&= account.kind === 'module' && account.noun === 'module';
  const site = account.callSite;
  if (site !== undefined) edge.sites.set(site, (edge.sites.get(site) ?? 0) + references);
  edge.since = Math.min(edge.since, account.since ?? Number.NEGATIVE_INFINITY);
  edge.confidence = Math.min(edge.confidence, LEVELS.indexOf(account.confidence));
  edge.holds = edge.holds.concat(holds).slice(0, MOST_HOLDS);
}

/** What is left to tell of a tie when nothing of it is held: its last hold. */
function addEnded(edge: EdgeFacts, { table, holds }: Analysis, ofTie: Int32Array, time: RecordingTime): void {
  let last = -1;
  for (const hold of ofTie) {
    if (holds.start[hold]! > time) break;
    if (holds.end[hold]! <= time && (last < 0 || holds.end[hold]! >= holds.end[last]!)) last = hold;
  }
  if (last < 0 || holds.end[last]! < edge.until) return;
  const site = table.callSites[table.callSite[holds.startRow[last]!] ?? -1];
  const { kind, noun } = holds.holders[holds.holder[last]!]!;
  edge.isLink = kind === 'module' && noun === 'module';
  edge.until = holds.end[last]!;
  edge.since = holds.start[last]!;
  edge.sites.clear();
  if (site !== undefined) edge.sites.set(site.symbol, 1);
  edge.confidence = holds.confidence[last]!;
  edge.holds = [last];
}

function describeNode({ ends }: Ties, { parties }: Parties, party: number, facts: NodeFacts): GraphNode {
  const { references, unexplained, passing, active } = facts;
  const { id, members, isGroup } = parties[party]!;
  const { sort, holder } = ends[active.size === 1 ? [...active][0]! : members[0]!]!;
  const pids = isGroup ? [...active].map((end) => ends[end]!.holder.pid) : [];
  return {
    id,
    sort: isGroup ? 'tasks' : sort,
    kind: holder.kind,
    noun: holder.noun,
    madeBy: holder.madeBy,
    name: holder.name,
    pid: isGroup && active.size !== 1 ? -1 : holder.pid,
    pids: pids.sort((a, b) => a - b).slice(0, MOST_PIDS),
    members: isGroup ? active.size : 1,
    membersEver: members.length,
    colour: holder.colour,
    references,
    unexplained,
    passing,
    ended: active.size === 0,
  };
}

function describeEdge(from: GraphNode, to: GraphNode, facts: EdgeFacts): GraphEdge {
  const { references, isLink, sites, since, until, confidence, holds } = facts;
  return {
    id: `${from.id} → ${to.id}`,
    from: from.id,
    to: to.id,
    betweenModules: from.sort === 'module',
    isLink,
    colour: from.colour,
    references,
    callSites: [...sites].sort(([, a], [, b]) => b - a).map(([site]) => site),
    since: since === Number.NEGATIVE_INFINITY ? undefined : since,
    until: references > 0 ? undefined : until,
    confidence: LEVELS[confidence]!,
    holds,
  };
}
