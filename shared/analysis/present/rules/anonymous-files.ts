import type { OpenFile } from '../../../snapshot/system-snapshot.ts';
import type { ConfidenceName } from '../../hold-table.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import type { Count, ReferenceRule } from '../reference-rule.ts';

interface AnonymousRow {
  /** Of the text of the link. */
  readonly link: RegExp;
  readonly kind: string;
  readonly noun?: string;
  readonly meaning: string;
  readonly source: string;
  readonly counts: (
    index: SnapshotIndex,
    file: OpenFile,
  ) => { readonly module: string; readonly confidence: ConfidenceName } | undefined;
}

function vendorOfKvm(index: SnapshotIndex) {
  const module = ['kvm_intel', 'kvm_amd', 'kvm_hv', 'kvm_pr', 'kvm']
    .map(index.module)
    .find((name) => name !== undefined);
  return module === undefined ? undefined : { module, confidence: 'certain' as const };
}

/** The one loaded module that a pattern fits; of several nobody can tell which. */
function theOnly(index: SnapshotIndex, pattern: RegExp, confidence: ConfidenceName) {
  const names = [...index.modules.keys()].filter((name) => pattern.test(name));
  return names.length === 1 ? { module: names[0]!, confidence } : undefined;
}

function named(index: SnapshotIndex, name: string) {
  const module = index.module(name);
  return module === undefined ? undefined : { module, confidence: 'high' as const };
}

const rows: readonly AnonymousRow[] = [
  {
    link: /^anon_inode:\[?kvm-vm\]?$/,
    kind: 'kvm-vm',
    meaning: 'A virtual machine runs.',
    source: 'kvm_create_vm',
    counts: vendorOfKvm,
  },
  {
    // `kvm-vcpu:0`, `[kvm-gmem]`, `kvm-vm-stats`, and devices by their names, as `kvm-vfio`.
    link: /^anon_inode:\[?kvm-(?!vm\]?$)/,
    kind: 'kvm-vm',
    noun: 'part of a virtual machine',
    meaning: 'A processor or a device of a virtual machine is open.',
    // Before 6.7 these files had no owner.
    source: '__anon_inode_getfile',
    counts: (index) => (index.kernelAtLeast(6, 7) ? vendorOfKvm(index) : undefined),
  },
  {
    link: /^anon_inode:\[vfio-device\]$/,
    kind: 'vfio-device',
    meaning: 'A program drives a device itself, through VFIO.',
    source: '__anon_inode_getfile',
    counts: (index) => named(index, 'vfio'),
  },
  {
    link: /^anon_inode:\[vfio-device\]$/,
    kind: 'vfio-device',
    meaning: 'A program drives a device itself, through VFIO, and its driver stays for that.',
    source: 'vfio_df_open',
    counts: (index) => theOnly(index, /^(vfio_pci|.+_vfio_pci|vfio_platform|vfio_mdev|vfio_ap|vfio_ccw)$/, 'medium'),
  },
  {
    link: /^anon_inode:\[?infinibandevent\]?$/,
    kind: 'process-fd',
    meaning: 'A program waits for InfiniBand events.',
    source: '__anon_inode_getfile',
    counts: (index) => named(index, 'ib_uverbs'),
  },
  {
    link: /^anon_inode:iio:event$/,
    kind: 'process-fd',
    meaning: 'A program waits for events of a sensor.',
    source: '__anon_inode_getfile',
    counts: (index) => named(index, 'industrialio'),
  },
  {
    link: /^anon_inode:\[?(i915_perf|xe_oa)\]?$/,
    kind: 'process-fd',
    meaning: 'A program reads performance counters of the graphics processor.',
    source: '__anon_inode_getfile',
    counts: (index, { link }) => named(index, /i915/.test(link) ? 'i915' : 'xe'),
  },
];

/** Files without a name, such as virtual machines and VFIO devices: once for each open file. */
export const anonymousFileRules: readonly ReferenceRule[] = rows.map((row, place) => ({
  id: `anonymous-${place}`,
  kind: row.kind,
  ...(row.noun === undefined ? {} : { noun: row.noun, plural: row.noun.replace(/^part/, 'parts') }),
  meaning: row.meaning,
  release: 'Let the program close it, or stop it.',
  source: row.source,
  stage: 0,
  *find(index) {
    const { snapshot } = index;
    for (const file of snapshot.openFiles) {
      if (!row.link.test(file.link)) continue;
      const served = row.counts(index, file);
      const [first] = file.descriptors;
      if (served === undefined || first === undefined) continue;
      const pids = [...new Set(file.descriptors.map(({ pid }) => pid))];
      const count: Count = {
        ...served,
        references: 1,
        ...(file.compared || file.descriptors.length < 2 ? {} : { more: file.descriptors.length - 1 }),
      };
      yield {
        thing: `${file.link} ${oldestOf(snapshot, pids)}`,
        name: snapshot.processes.get(oldestOf(snapshot, pids) ?? -1)?.comm ?? '',
        object: file.link,
        pids,
        counts: [count],
        evidence: [`fd ${first.fd} of ${wordProcess(snapshot, first.pid)} is ${file.link}`],
      };
    }
  },
}));
