import type { ConfidenceName, HolderKind } from '../analysis/hold-table.ts';
import type { CssPixels, IndexIntoHolds, RecordingTime, Refcount } from '../units.ts';

/**
 * `tasks` stands for many of one name; `unit` for the processes of a systemd unit or container; `object` for a mount, a
 * socket, an interface …; `unexplained` for nobody known.
 */
export type GraphNodeSort = 'module' | 'task' | 'tasks' | 'unit' | 'object' | 'unexplained';

/** Whoever holds, or is held. */
export interface GraphNode {
  /** The same at every time, so that a node can be followed: `module drm`, `task 545 systemd-logind`. */
  readonly id: string;
  readonly sort: GraphNodeSort;
  readonly kind: HolderKind;
  /** As in `HoldHolder`. */
  readonly noun: string;
  readonly madeBy: boolean;
  /** A task's comm, a module's name … As printed: to be made visible and short by whoever shows it. */
  readonly name: string;
  /** Of a task, or of the only one of many tasks that holds now; else −1. */
  readonly pid: number;
  /** The unit or container that a process is part of, where that is known. */
  readonly unit?: string | undefined;
  /** Of many tasks of one name: who of them holds now, by pid, the first ones; empty for any other sort. */
  readonly pids: readonly number[];
  /** Of many tasks of one name: how many hold now, and how many did at any time; else 1. */
  readonly members: number;
  readonly membersEver: number;
  /** A small stable number to colour by; −1 for modules and for nobody. */
  readonly colour: number;
  /** References to this module now; 0 for what is no module. */
  readonly references: Refcount;
  /** How many of those have no believable holder, and how many are only passing and have no arrow (see `collectTies`). */
  readonly unexplained: Refcount;
  readonly passing: Refcount;
  /** Nothing holds it, and it holds nothing, any more. */
  readonly ended: boolean;
}

/** What one node holds of one module: an arrow from the holder to the module. */
export interface GraphEdge {
  readonly id: string;
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /** A module that links to, or otherwise holds, a module. */
  readonly betweenModules: boolean;
  /** Nothing but that a module uses symbols of another. */
  readonly isLink: boolean;
  readonly colour: number;
  /** Held now; 0 where all of it has ended. */
  readonly references: Refcount;
  /** Call sites of the gets that stay, the most frequent first; empty where none is known. */
  readonly callSites: readonly string[];
  /** Of the oldest reference held now (of the last that ended, where none is); undefined from before the recording. */
  readonly since: RecordingTime | undefined;
  /** When the last reference ended; undefined while any is held. */
  readonly until: RecordingTime | undefined;
  /** Of the least sure reference. */
  readonly confidence: ConfidenceName;
  /** The holds behind it, to select them in the timeline; the first hundred. */
  readonly holds: readonly IndexIntoHolds[];
}

/** Who holds which module at one time. */
export interface HolderGraph {
  readonly time: RecordingTime;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Nodes that there are at this time but that are left out. */
  readonly notShown: number;
  /** How many hops around the centre are shown; undefined where everything is. */
  readonly hops: number | undefined;
}

/** What is asked of a graph. */
export interface GraphQuery {
  readonly time: RecordingTime;
  /** Also what has ended by then, faded. */
  readonly ended: boolean;
  /** Id of the node that the picture is about; it is there even when nothing holds it. */
  readonly centre: string | undefined;
  /** How far from the centre; `auto` for as far as can be taken in at one glance. Never more than a few hundred nodes. */
  readonly hops: number | 'auto' | 'all';
  /** Names of tasks that are shown one by one though they are many. */
  readonly expanded: readonly string[];
}

/** Where a node lies. Units: CssPixels from the upper left corner of the picture to the node's own. */
export interface NodePlace {
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly width: CssPixels;
  readonly height: CssPixels;
}

/** A graph with a place for everything. Shape: `places` as `nodes`, `routes` as `edges`. */
export interface GraphPicture extends HolderGraph {
  /** Equal for pictures in which every node has the same place. */
  readonly layout: number;
  /** Of the whole layout: the same for every time of one recording, so that nothing moves under the reader. */
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly places: readonly NodePlace[];
  /** Way of each edge: x, y, x, y … from border to border; between two points it leaves and arrives level. */
  readonly routes: readonly (readonly CssPixels[])[];
}

/** The id of a module's node. */
export function moduleNodeId(module: string): string {
  return `module ${module}`;
}
