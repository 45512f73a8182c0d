import type { OpenFile } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import type { Found, ReferenceRule } from '../reference-rule.ts';

const filesOf = ({ snapshot }: SnapshotIndex, link: RegExp) =>
  snapshot.openFiles.filter((file) => link.test(file.link));
const pidsOf = (files: readonly OpenFile[]) => [
  ...new Set(files.flatMap(({ descriptors }) => descriptors.map(({ pid }) => pid))),
];

/**
 * Who links a device's interrupts with those of a machine: one reference for each interrupt at either end, which no
 * file tells; but nobody else takes any.
 */
function* findInterrupts(index: SnapshotIndex): Generator<Found> {
  const irqbypass = index.modules.get('irqbypass');
  const pids = pidsOf(filesOf(index, /^anon_inode:(\[?kvm-vm\]?|\[vfio-device\])$/));
  const more = (irqbypass?.refcount ?? 0) - (irqbypass?.holders.length ?? 0);
  if (more <= 0 || pids.length === 0) return;
  const some = pids.slice(0, 4).map((pid) => wordProcess(index.snapshot, pid));
  yield {
    thing: 'interrupts',
    name: index.process(oldestOf(index.snapshot, pids) ?? -1)?.comm ?? '',
    object: 'interrupts',
    pids,
    counts: [{ module: 'irqbypass', references: 0, more, confidence: 'medium' }],
    evidence: [
      `only virtual machines and devices given to programs use it, and ${some.join(', ')} ${pids.length === 1 ? 'has' : 'have'} such`,
    ],
  };
}

/** A device that is opened when its group was made known to a machine holds KVM, which must outlive it. */
function* findGuests(index: SnapshotIndex): Generator<Found> {
  if (!index.kernelAtLeast(6, 2)) return;
  const machines = new Set(pidsOf(filesOf(index, /^anon_inode:\[?kvm-vfio\]?$/)));
  for (const file of filesOf(index, /^anon_inode:\[vfio-device\]$/)) {
    const pid = file.descriptors.find((one) => machines.has(one.pid))?.pid;
    if (pid === undefined) continue;
    yield {
      thing: `guest ${pid}`,
      name: index.process(pid)?.comm ?? '',
      object: file.link,
      pids: pidsOf([file]),
      counts: [
        {
          module: 'kvm',
          references: 1,
          // What could not be compared may be as many devices.
          ...(file.compared ? {} : { more: file.descriptors.length - 1 }),
          confidence: 'medium',
        },
      ],
      evidence: [`${wordProcess(index.snapshot, pid)} has a device open, and kvm-vfio, by which a machine knows of it`],
    };
  }
}

/** What virtual machines hold beside their own files. */
export const machineRules: readonly ReferenceRule[] = [
  {
    id: 'irq-bypass',
    kind: 'kvm-vm',
    noun: 'passed interrupt',
    plural: 'passed interrupts',
    meaning: 'Interrupts of a device go to a virtual machine, or to a program that drives the device.',
    release: 'Shut the virtual machine down.',
    source: 'irq_bypass_register_producer, irq_bypass_register_consumer',
    stage: 0,
    find: findInterrupts,
  },
  {
    id: 'vfio-guest',
    kind: 'vfio-device',
    meaning: 'A device that was given to a virtual machine keeps what runs the machine.',
    release: 'Shut the virtual machine down.',
    source: '_vfio_device_get_kvm_safe (symbol_get)',
    stage: 0,
    find: findGuests,
  },
];
