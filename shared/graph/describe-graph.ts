import { type Clock, printTime } from '../event-table/clock.ts';
import { labelHolder } from '../view-model/label-holder.ts';
import type { GraphEdge, GraphNode, HolderGraph } from './holder-graph.ts';

/** A node in a few letters: `systemd-logind-545`, `drm`, `systemd-udevd × 12`, `before the recording`. */
export function labelNode(node: GraphNode): string {
  const { sort, kind, name, members } = node;
  if (sort === 'unexplained') return kind === 'baseline' ? 'before the recording' : 'not known';
  if (sort === 'tasks' && members !== 1) return members === 0 ? name : `${name} × ${members}`;
  return labelHolder(node);
}

/** What a node is: `2 references, 1 unexplained`, `task`, `3 of 16 tasks: 412, 413, 500`, `2 processes 545, 601`. */
export function captionNode({
  sort,
  kind,
  references,
  unexplained,
  passing,
  members,
  membersEver,
  pids,
  unit,
  ended,
}: GraphNode): string {
  switch (sort) {
    case 'module': {
      if (references === 0) return 'no references';
      const all = references === 1 ? '1 reference' : `${references} references`;
      return `${all}${unexplained > 0 ? `, ${unexplained} unexplained` : ''}${passing > 0 ? `, ${passing} passing` : ''}`;
    }
    case 'tasks': {
      if (members === 0) return `${membersEver} tasks, none now`;
      const of = members === membersEver ? 'tasks' : `${members} of ${membersEver} tasks`;
      return members === 1 ? of : `${of}: ${pids.join(', ')}${pids.length < members ? ' …' : ''}`;
    }
    case 'unexplained':
      return 'unexplained';
    case 'unit':
      return `${members === 1 ? 'process' : `${members} processes`} ${pids.join(', ')}${pids.length < members ? ' …' : ''}`;
    case 'task':
      if (unit !== undefined) return `process of ${unit}`;
      return ended ? 'task, holds nothing now' : 'task';
    case 'object':
      return OBJECTS[kind] ?? kind;
  }
}

const OBJECTS: Partial<Record<GraphNode['kind'], string>> = {
  mount: 'mounted filesystem',
  network: 'network object',
  crypto: 'user of an algorithm',
  kernel: 'object in the kernel',
};

/** What an arrow carries: `1 via drm_stub_open`, `2 via ref_module, get_filesystem`, `1 from before the recording`. */
export function captionEdge({ references, callSites, since, until }: GraphEdge): string {
  const via =
    callSites.length > 0
      ? `via ${callSites.join(', ')}`
      : since === undefined
        ? 'from before the recording'
        : 'call site not known';
  return until === undefined ? `${references} ${via}` : `ended, ${via}`;
}

/** When: `since 102.168297`, `102.001424 to 102.168297`; empty where nothing is known. */
export function periodOfEdge({ since, until }: GraphEdge, clock: Clock): string {
  const from = since === undefined ? undefined : printTime(clock, since);
  if (until === undefined) return from === undefined ? '' : `since ${from}`;
  return from === undefined ? `until ${printTime(clock, until)}` : `${from} to ${printTime(clock, until)}`;
}

/** The graph as lines of text, ends first by name: `systemd-logind-545 → vkms · 1 via drm_stub_open`. */
export function writeGraph({ nodes, edges }: HolderGraph): string[] {
  const labels = new Map(nodes.map((node) => [node.id, labelNode(node)]));
  return edges.map((edge) => `${labels.get(edge.from)} → ${labels.get(edge.to)} · ${captionEdge(edge)}`).sort();
}
