import { decodeText } from '../trace-text/decode-bytes.ts';
import { groupFields, readNumber, splitFields, splitNames } from './split-fields.ts';
import type { LoadedModule } from './system-snapshot.ts';

/** What the facts of a snapshot say of modules, as text. */
export interface ModuleTexts {
  /** /proc/modules. */
  readonly list: string;
  /** Fields of `:module`, by name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Fields of `:refcounts`; undefined where the look broke off before. */
  readonly after: string | undefined;
}

interface Line {
  readonly name: string;
  readonly size: number;
  readonly refcount: number | undefined;
  readonly holders: readonly string[];
  readonly state: LoadedModule['state'];
  readonly taints: string;
}

const states = { Live: 'live', Loading: 'coming', Unloading: 'going' } as const;
const initStates: readonly LoadedModule['state'][] = ['live', 'coming', 'going'];

/** The loaded modules, in the order of /proc/modules: the last one loaded first. */
export function readModules({ list, folders, after }: ModuleTexts): LoadedModule[] {
  const lines = new Map<string, Line>();
  for (const text of list.split('\n')) {
    const line = readLine(text);
    if (line !== undefined) lines.set(line.name, line);
  }
  const later = new Map<string, number | undefined>();
  for (const [name, count] of groupFields(splitFields(after ?? ''), 2)) later.set(decodeText(name!), readNumber(count));

  const modules: LoadedModule[] = [];
  for (const name of new Set([...lines.keys(), ...folders.keys()])) {
    const line = lines.get(name);
    const fields = folders.get(name);
    const [refcnt, initState, taint, holders, drivers] = splitFields(fields ?? '');
    const refcount = readNumber(refcnt) ?? line?.refcount;
    modules.push({
      name,
      size: line?.size ?? 0,
      refcount,
      // Where /sys is not to be seen, nothing was read a second time.
      refcountAfter: later.size === 0 ? refcount : later.get(name),
      state: initStates.find((state) => state === initState) ?? line?.state ?? 'live',
      permanent: line?.holders.includes('[permanent]') ?? false,
      taints: decodeText(taint ?? '') || (line?.taints ?? ''),
      holders:
        fields === undefined ? (line?.holders.filter((one) => one !== '[permanent]') ?? []) : splitNames(holders ?? ''),
      drivers: splitNames(drivers ?? ''),
    });
  }
  // A kernel counts all or none: one whose count is gone went while it was read.
  const counts = modules.some(({ refcount }) => refcount !== undefined);
  return counts ? modules.filter(({ refcount }) => refcount !== undefined) : modules;
}

/**
 * A line of /proc/modules, read from its end: a name may hold blanks.
 *
 * Source: m_show and print_unload_info in kernel/module/procfs.c.
 */
function readLine(text: string): Line | undefined {
  const match = /^(.+) (\d+) (-|-?\d+) (\S+) (Live|Loading|Unloading) 0x[0-9a-f]+(?: \(([^)]*)\))?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, name, size, refcount, holders, state, taints] = match;
  return {
    name: decodeText(name!),
    size: Number(size),
    refcount: readNumber(refcount),
    holders:
      holders === '-'
        ? []
        : holders!
            .split(',')
            .filter((one) => one !== '')
            .map(decodeText),
    state: states[state as keyof typeof states],
    taints: decodeText((taints ?? '').replace(/[+-]/g, '')),
  };
}
