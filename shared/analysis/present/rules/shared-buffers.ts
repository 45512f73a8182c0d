import type { DeviceFact } from '../../../snapshot/system-snapshot.ts';
import type { ConfidenceName } from '../../hold-table.ts';
import { findDriver, nameCardDriver } from '../find-driver.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import { type Count, type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import { cardRuleId } from './device-files.ts';

/** A dma-buf, however many files, mappings and cards have it. */
interface Buffer {
  readonly inode: number;
  /** As its exporter calls itself; undefined where nothing tells. */
  exporter: string | undefined;
  /** Who has it open or mapped. */
  readonly pids: Set<number>;
  /** Devices that imported it. */
  readonly importers: readonly string[];
}

/**
 * A buffer in the kernel's own list. A program may call its buffer anything, in fewer letters than the figures of such
 * a line take (DMA_BUF_NAME_LEN): no name can look like one.
 *
 * Source: dma_buf_debug_show.
 */
const listed = /^\d{8,}\t[0-9a-f]{8}\t[0-9a-f]{8}\t\d{8,}\t([^\t\n]{1,64})\t(\d{8,20})\t/gm;

const list = '/sys/kernel/debug/dma_buf/bufinfo';

function collectBuffers(index: SnapshotIndex): Iterable<Buffer> {
  const buffers = new Map<number, Buffer>();
  const find = (inode: number): Buffer => {
    const known = buffers.get(inode);
    if (known !== undefined) return known;
    const buffer: Buffer = { inode, exporter: undefined, pids: new Set(), importers: [] };
    buffers.set(inode, buffer);
    return buffer;
  };
  for (const file of index.snapshot.openFiles) {
    if (!file.link.startsWith('/dmabuf:')) continue;
    const buffer = find(file.inode);
    buffer.exporter ??= file.info.get('exp_name')?.trim();
    for (const { pid } of file.descriptors) buffer.pids.add(pid);
  }
  for (const { link, inode, pid } of index.snapshot.mappings)
    if (link.startsWith('/dmabuf:')) find(inode).pids.add(pid);
  const text = index.text(list) ?? '';
  const lines = [...text.matchAll(listed)];
  for (const [at, { 0: line, 1: exporter, 2: inode, index: start }] of lines.entries()) {
    const about = text.slice(start + line.length, lines[at + 1]?.index);
    const importers = /^\tAttached Devices:\n((?:\t.+\n)*)/m.exec(about)?.[1]?.match(/[^\t\n]+/g) ?? [];
    const buffer = find(Number(inode));
    buffer.exporter ??= exporter;
    buffers.set(buffer.inode, { ...buffer, importers });
  }
  return buffers.values();
}

interface OpenCard {
  readonly device: DeviceFact;
  readonly module: string;
  readonly pids: readonly number[];
  /** Of what has it open. */
  readonly key: string;
}

function listCards(index: SnapshotIndex): OpenCard[] {
  return (index.characterFiles.get('drm') ?? []).flatMap(({ file, device }) => {
    const served = findDriver(index, device);
    if (served === undefined) return [];
    const pids = [...new Set(file.descriptors.map(({ pid }) => pid))];
    const key = keyOf({ id: cardRuleId }, `${device.key} ${oldestOf(index.snapshot, pids)}`);
    return [{ device, module: served.module, pids, key }];
  });
}

/** Drivers of graphics cards, whether somebody has them open or not. */
function listDrivers(index: SnapshotIndex): ReadonlySet<string> {
  const bound = index
    .matching(/\/sys\/class\/drm\/[^/]+\/device\/driver\/module/)
    .map(({ text }) => nameCardDriver(index, text.trim().split('/').at(-1)));
  const known = [...index.snapshot.devices.values()].filter(({ subsystem }) => subsystem === 'drm');
  const named = known.map((device) => findDriver(index, device)?.module);
  return new Set([...named, ...bound].filter((name) => name !== undefined));
}

interface Exporters {
  /** One that is known, or all that may be. */
  readonly modules: readonly string[];
  readonly confidence: ConfidenceName;
}

/** DRM drivers mostly call themselves `drm`, and the buffer counts on the driver: that of the card that its programs draw on. */
function findExporters(
  index: SnapshotIndex,
  { exporter, pids }: Buffer,
  modulesOf: ReadonlyMap<number, ReadonlySet<string>>,
  drivers: ReadonlySet<string>,
): Exporters {
  if (exporter !== undefined && exporter !== 'drm') {
    const module = index.module(exporter);
    return { modules: module === undefined ? [] : [module], confidence: 'high' };
  }
  const theirs = new Set([...pids].flatMap((pid) => [...(modulesOf.get(pid) ?? [])]));
  return { modules: [...(theirs.size === 1 ? theirs : drivers)], confidence: 'medium' };
}

const isPartOf = ({ path }: DeviceFact, device: string) => (path ?? '').split('/').includes(device);

/** Drivers of the cards that a process has open. */
function listModulesOf(cards: readonly OpenCard[]): ReadonlyMap<number, ReadonlySet<string>> {
  const modulesOf = new Map<number, Set<string>>();
  for (const { pids, module } of cards)
    for (const pid of pids) modulesOf.set(pid, (modulesOf.get(pid) ?? new Set()).add(module));
  return modulesOf;
}

/** Who may keep a buffer that no descriptor is open of: the processes, and the keys of what they have open. */
interface Keepers {
  readonly pids: readonly number[];
  readonly after: readonly string[];
}

/** What is open of the cards that made a buffer or imported it, by a handle. Of most buffers these are the same. */
function createKeeperFinder(cards: readonly OpenCard[]): (buffer: Buffer, modules: readonly string[]) => Keepers {
  const known = new Map<string, Keepers>();
  return ({ importers }, modules) => {
    const key = JSON.stringify([modules, importers]);
    let keepers = known.get(key);
    if (keepers === undefined) {
      const found = cards.filter(
        ({ device, module }) => modules.includes(module) || importers.some((importer) => isPartOf(device, importer)),
      );
      const pids = [...new Set(found.flatMap((card) => card.pids))];
      keepers = { pids, after: [...new Set(found.map((card) => card.key))] };
      known.set(key, keepers);
    }
    return keepers;
  };
}

function countsOf({ modules, confidence }: Exporters): Count[] {
  if (modules.length === 1) return [{ module: modules[0]!, references: 1, confidence }];
  return modules.map((module) => ({ module, references: 0, more: 1, confidence: 'medium' }));
}

/** With a descriptor, or in memory: of these programs. */
function tellOpen({ snapshot }: SnapshotIndex, { inode, pids }: Buffer, counts: readonly Count[]): Found {
  const all = [...pids];
  const oldest = oldestOf(snapshot, all);
  const some = all.slice(0, 4).map((pid) => wordProcess(snapshot, pid));
  return {
    thing: `buffers ${oldest}`,
    name: snapshot.processes.get(oldest ?? -1)?.comm ?? '',
    object: 'dma-buf',
    pids: all,
    counts,
    evidence: [`buffer ${inode} is open in ${some.join(', ')}`],
  };
}

/** By handles alone: of the program that has these cards open, if there is but one. */
function tellKept(
  { snapshot }: SnapshotIndex,
  { inode, importers }: Buffer,
  counts: readonly Count[],
  { pids, after }: Keepers,
): Found {
  const [only] = pids.length === 1 ? pids : [];
  const evidence = `${list} has buffer ${inode}${importers.length === 0 ? '' : `, which ${importers.slice(0, 4).join(', ')} imported`}, and no descriptor is open of it`;
  const found = { object: 'dma-buf', counts: counts.map(atMostMedium), evidence: [evidence] };
  if (only !== undefined)
    return { ...found, thing: `handles ${only}`, name: snapshot.processes.get(only)?.comm ?? '', pids };
  const ways = [{ title: 'Stop the programs that draw with it', command: undefined, consequence: '' }];
  return { ...found, thing: 'handles', name: 'buffers', pids: [], after, ways: after.length === 0 ? ways : [] };
}

const atMostMedium = (count: Count): Count => ({ ...count, confidence: 'medium' });

/** Buffers that programs and cards share: once for each, however many files of it there are. */
export const bufferRules: readonly ReferenceRule[] = [
  {
    id: 'dma-buf',
    kind: 'dma-buf',
    meaning: 'Programs share a buffer of this driver, such as the picture of a window.',
    release: 'Close the programs that share it.',
    source: 'dma_buf_export, drm_gem_prime_import_dev',
    stage: 0,
    graphics: true,
    *find(index) {
      const cards = listCards(index);
      const drivers = listDrivers(index);
      const modulesOf = listModulesOf(cards);
      const keepersOf = createKeeperFinder(cards);
      const told = new Set<Keepers>();
      for (const buffer of collectBuffers(index)) {
        const exporters = findExporters(index, buffer, modulesOf, drivers);
        const counts = countsOf(exporters);
        if (counts.length === 0) continue;
        if (buffer.pids.size > 0) {
          yield tellOpen(index, buffer, counts);
          continue;
        }
        const keepers = keepersOf(buffer, exporters.modules);
        const kept = tellKept(index, buffer, counts, keepers);
        // All of them are one thing: who keeps them is told of it once.
        yield told.has(keepers) ? { ...kept, after: [] } : kept;
        told.add(keepers);
      }
    },
  },
];
