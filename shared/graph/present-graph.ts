import { Confidence, type ConfidenceName } from '../analysis/hold-table.ts';
import type { HolderProcess, PresentAccounting, PresentHolder } from '../analysis/present/present-accounting.ts';
import { HOLDER_COLOURS } from '../view-model/display-list.ts';
import { chooseNeighbourhood } from './choose-neighbourhood.ts';
import { type GraphEdge, type GraphNode, type GraphPicture, type GraphQuery, moduleNodeId } from './holder-graph.ts';
import { createLayoutKeeper } from './keep-layouts.ts';

/** As of a recording, without its times; `expanded` has the names of units that are shown process by process. */
export type PresentGraphQuery = Pick<GraphQuery, 'centre' | 'hops' | 'expanded'>;

const LEVELS = Object.keys(Confidence) as ConfidenceName[];
const MOST_PIDS = 12;
/** What is said on the arrow of a module that links to another. */
const LINK = 'symbols it uses';

/** A holder's node while the accounts are gone through. */
interface Party {
  readonly node: Omit<GraphNode, 'pids' | 'members' | 'membersEver'>;
  readonly pids: Set<number>;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  references: number;
  isLink: boolean;
  confidence: number;
  readonly through: Set<string>;
}

/**
 * Draws who holds which module now: systemd units and processes → modules → modules. What is drawn again with the same
 * nodes and arrows has the same layout, so that looking again moves nothing that stays.
 */
export function createPresentGraphs(): (
  accounts: readonly PresentAccounting[],
  query: PresentGraphQuery,
) => GraphPicture {
  const layoutOf = createLayoutKeeper();

  return (accounts, { centre, hops, expanded }) => {
    const { nodes, arrows } = collect(accounts, new Set(expanded), centre);
    const ids = [...nodes.keys()].sort();
    const seat = new Map(ids.map((id, i) => [id, i]));
    const links = arrows.map(({ from, to }) => ({ from: seat.get(from)!, to: seat.get(to)! }));
    const seats = { count: ids.length, links, seatOf: new Int32Array(), sitters: [] };
    const middle = centre === undefined ? undefined : seat.get(centre);
    const chosen = chooseNeighbourhood(seats, middle, hops, () => true);
    const shown = ids.filter((_, i) => chosen.seats.has(i));
    const isShown = new Set(shown);
    const edges = arrows.filter(({ from, to }) => isShown.has(from) && isShown.has(to));
    const place = new Map(shown.map((id, i) => [id, i]));
    const { layout, width, height, placeOf, routeOf } = layoutOf({
      ids: shown,
      links: edges.map(({ from, to }) => ({ from: place.get(from)!, to: place.get(to)! })),
    });
    return {
      time: 0,
      nodes: shown.map((id) => describeNode(nodes.get(id)!)),
      edges: edges.map((arrow) => describeEdge(arrow, nodes)),
      notShown: ids.length - shown.length,
      hops: chosen.hops,
      layout,
      width,
      height,
      places: shown.map((id) => placeOf.get(place.get(id)!)!),
      routes: edges.map(({ from, to }) => routeOf(place.get(from)!, place.get(to)!)),
    };
  };
}

/** Modules that are held or hold, and the one asked about; and whoever holds them. */
function collect(accounts: readonly PresentAccounting[], expanded: ReadonlySet<string>, centre: string | undefined) {
  const nodes = new Map<string, Party>();
  const arrows = new Map<string, Arrow>();
  const accountOf = new Map(accounts.map((account) => [account.module, account]));

  const moduleParty = (name: string): void => {
    const id = moduleNodeId(name);
    if (nodes.has(id)) return;
    const account = accountOf.get(name);
    const references = Math.max(0, account?.refcount ?? 0);
    nodes.set(
      id,
      party({ id, sort: 'module', kind: 'module', name, references, unexplained: account?.unexplained ?? 0 }),
    );
  };
  const arrow = (from: string, to: string, references: number, through: string, confidence: ConfidenceName): void => {
    const key = `${from} → ${to}`;
    const known = arrows.get(key) ?? {
      from,
      to,
      references: 0,
      isLink: true,
      confidence: LEVELS.length - 1,
      through: new Set<string>(),
    };
    known.references += references;
    known.isLink &&= through === LINK;
    known.confidence = Math.min(known.confidence, LEVELS.indexOf(confidence));
    if (through !== '') known.through.add(through);
    arrows.set(key, known);
  };

  for (const { module, holders, unexplained } of accounts) {
    const to = moduleNodeId(module);
    if (holders.length === 0 && unexplained === 0 && to !== centre) continue;
    moduleParty(module);
    for (const holder of holders) {
      if (holder.kind === 'module') {
        moduleParty(holder.name);
        const isLink = holder.noun === 'module';
        arrow(moduleNodeId(holder.name), to, holder.references, isLink ? LINK : holder.noun, holder.confidence);
        continue;
      }
      const held = partyOf(holder, expanded);
      const known = nodes.get(held.node.id);
      if (known === undefined) nodes.set(held.node.id, held);
      else for (const pid of held.pids) known.pids.add(pid);
      arrow(held.node.id, to, holder.references, holder.object === '' ? holder.noun : holder.object, holder.confidence);
    }
    // A guess has its own dashed arrow; what is left is nobody's.
    const guessed = holders.reduce((sum, one) => sum + (one.confidence === 'low' ? one.references : 0), 0);
    if (unexplained > guessed) {
      const id = `unexplained ${module}`;
      nodes.set(id, party({ id, sort: 'unexplained', kind: 'unknown', name: '' }));
      arrow(id, to, unexplained - guessed, '', 'low');
    }
  }
  return { nodes, arrows: [...arrows.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1)) };
}

/** The unit of a holder's processes, its process, or the thing itself. */
function partyOf(holder: PresentHolder, expanded: ReadonlySet<string>): Party {
  const [process] = holder.processes;
  const { kind, noun } = holder;
  if (process === undefined) {
    const id = `object ${holder.key}`;
    return party({ id, sort: 'object', kind, noun, name: holder.name, colour: colourOf(id) });
  }
  const unit = groupOf(process);
  const pids = holder.processes.map(({ pid }) => pid);
  if (unit !== undefined && !expanded.has(unit)) {
    const id = `unit ${unit}`;
    return party({ id, sort: 'unit', kind, noun, name: unit, colour: colourOf(id) }, pids);
  }
  const id = `process ${process.pid} ${process.comm}`;
  const name = process.comm;
  return party(
    { id, sort: 'task', kind, noun, name, pid: process.pid, unit: unit ?? process.unit, colour: colourOf(id) },
    [process.pid],
  );
}

/** What processes are shown as one: a container or a service. A scope of a login says less than the program's name. */
function groupOf({ container, unit }: HolderProcess): string | undefined {
  if (container !== undefined) return container;
  return unit?.endsWith('.service') === true ? unit : undefined;
}

/** A node with what most have. */
function party(
  own: Pick<GraphNode, 'id' | 'sort' | 'kind' | 'name'> & Partial<GraphNode>,
  pids: readonly number[] = [],
): Party {
  return {
    node: {
      noun: '',
      madeBy: false,
      pid: -1,
      colour: -1,
      references: 0,
      unexplained: 0,
      passing: 0,
      ended: false,
      ...own,
    },
    pids: new Set(pids),
  };
}

function describeNode({ node, pids }: Party): GraphNode {
  const all = [...pids].sort((a, b) => a - b);
  const members = Math.max(1, all.length);
  return { ...node, pids: all.slice(0, MOST_PIDS), members, membersEver: members };
}

function describeEdge(arrow: Arrow, nodes: ReadonlyMap<string, Party>): GraphEdge {
  const { from, to, references, isLink, confidence, through } = arrow;
  const { sort, colour } = nodes.get(from)!.node;
  return {
    id: `${from} → ${to}`,
    from,
    to,
    betweenModules: sort === 'module',
    isLink,
    colour,
    references,
    callSites: [...through],
    since: undefined,
    until: undefined,
    confidence: LEVELS[confidence]!,
    holds: [],
  };
}

/** The same colour for the same holder at every look. */
function colourOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  return hash % HOLDER_COLOURS;
}
