import { isOpen as opens } from '../index-snapshot.ts';
import { wordProcess } from '../name-process.ts';
import type { ReferenceRule } from '../reference-rule.ts';
import { countsOf, nodeOf, rowOf } from './device-files.ts';

/** Memory mapped of a device whose descriptor was closed: the mapping keeps the open file. */
export const mappingRules: readonly ReferenceRule[] = [
  {
    id: 'device-mapping',
    kind: 'process-fd',
    noun: 'mapping',
    meaning:
      'A program has memory of a device mapped. The mapping keeps the file open even after its descriptor is closed.',
    release: 'Let the program unmap it, or stop it.',
    source: 'mmap_region (vma->vm_file)',
    stage: 0,
    graphics: true,
    *find(index) {
      const { snapshot } = index;
      // Who has the device open as well maps, as far as can be told, that same open file; a child its parent's.
      const opened = new Set<string>();
      const open = new Set<string>();
      for (const file of snapshot.openFiles) {
        if (file.device === undefined || !opens(file)) continue;
        open.add(file.device);
        for (const { pid } of file.descriptors) opened.add(`${pid} ${file.device}`);
      }
      const mapped = new Map<string, { pid: number; device: string; link: string; ranges: number }>();
      for (const { pid, device, link } of snapshot.mappings) {
        if (device === undefined) continue;
        const key = `${pid} ${device}`;
        const known = mapped.get(key);
        if (known === undefined) mapped.set(key, { pid, device, link, ranges: 1 });
        else known.ranges++;
      }
      const first = new Set<string>();
      for (const { pid, device: key, link, ranges } of mapped.values()) {
        const device = snapshot.devices.get(key);
        if (device === undefined || !key.startsWith('c')) continue;
        // A fork shares the mapping and its file; only of the first process is the one open file sure.
        // The same holds where the process has a descriptor as well: it may be that of the mapping, or not.
        const isOpen = opened.has(`${pid} ${key}`);
        const sure = !first.has(key) && !open.has(key);
        const counts = countsOf(index, rowOf(device), device, undefined, {
          files: sure ? 1 : 0,
          more: sure ? 0 : 1,
          first: sure,
        });
        first.add(key);
        if (counts.length === 0) continue;
        const node = nodeOf(device, link);
        yield {
          thing: `${key} ${pid}`,
          name: snapshot.processes.get(pid)?.comm ?? '',
          object: node,
          pids: [pid],
          together: !sure,
          counts: counts.map((count) => ({
            ...count,
            confidence: count.confidence === 'certain' ? 'high' : count.confidence,
          })),
          evidence: [
            `${wordProcess(snapshot, pid)} maps ${node} (${ranges === 1 ? '1 range' : `${ranges} ranges`})${isOpen ? ', and has a descriptor that may be of another open file' : ' and has no descriptor of it'}`,
          ],
        };
      }
    },
  },
];
