import { describe, expect, test } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import type {
  HolderProcess,
  PresentAccounting,
  PresentHolder,
} from '../../../shared/analysis/present/present-accounting.ts';
import { captionNode, labelNode, writeGraph } from '../../../shared/graph/describe-graph.ts';
import { moduleNodeId } from '../../../shared/graph/holder-graph.ts';
import { createPresentGraphs } from '../../../shared/graph/present-graph.ts';
import { readSnapshotFixture } from '../../support/read-snapshot-fixture.ts';

const everything = { centre: undefined, hops: 'all', expanded: [] } as const;

function process(pid: number, comm: string, facts: Partial<HolderProcess> = {}): HolderProcess {
  return { pid, comm, executable: undefined, user: 0, unit: undefined, container: undefined, started: 1, ...facts };
}

function holder(kind: PresentHolder['kind'], name: string, facts: Partial<PresentHolder> = {}): PresentHolder {
  return {
    key: `${kind} ${name}`,
    kind,
    name,
    processes: [],
    unit: undefined,
    references: 1,
    noun: kind === 'module' ? 'module' : 'file',
    object: '',
    confidence: 'certain',
    evidence: [],
    meaning: '',
    release: '',
    ...facts,
  };
}

function account(
  module: string,
  refcount: number,
  holders: readonly PresentHolder[],
  unexplained = 0,
): PresentAccounting {
  const linked = holders.filter(({ kind }) => kind === 'module').length;
  return {
    module,
    state: 'live',
    refcount,
    linked,
    explained: refcount - unexplained,
    probable: 0,
    unexplained,
    permanent: false,
    taints: '',
    holders,
    arithmetic: '',
    cautions: [],
  };
}

const gdm = { unit: 'gdm.service' };
const card = { object: '/dev/dri/card0' };
const session = [
  account('drm', 3, [
    holder('module', 'vkms'),
    holder('task', 'gdm3', { processes: [process(9, 'gdm3', gdm), process(12, 'gnome-shell', gdm)], ...card }),
    holder('task', 'Xwayland', { processes: [process(14, 'Xwayland', gdm)], ...card }),
  ]),
  account(
    'vkms',
    2,
    [holder('task', 'bash', { processes: [process(40, 'bash', { unit: 'session-2.scope' })], ...card })],
    1,
  ),
  account('tun', 0, []),
];

describe('who holds what now, as a graph', () => {
  test('a real session: programs → modules → modules, and nothing that holds nothing', () => {
    const { snapshot } = readSnapshotFixture('graphical-session');
    const lines = writeGraph(createPresentGraphs()(accountForPresent(snapshot), everything));
    expect(lines).toContain('Xorg-118 → vkms · 1 via /dev/dri/card0');
    expect(lines).toContain('systemd-logind-116 → drm · 1 via /dev/dri/card0');
    expect(lines).toContain('vkms → drm · 1 via symbols it uses');
    expect(lines.join('\n')).not.toContain('uinput');
  });

  test('the processes of a service are one node; those of a login are programs', () => {
    const { nodes, edges } = createPresentGraphs()(session, everything);
    expect(nodes.map((node) => `${labelNode(node)} · ${captionNode(node)}`).sort()).toEqual([
      'bash-40 · process of session-2.scope',
      'drm · 3 references',
      'gdm.service · 3 processes 9, 12, 14',
      'not known · unexplained',
      'vkms · 2 references, 1 unexplained',
    ]);
    const gdmHoldsDrm = edges.find(({ from, to }) => from === 'unit gdm.service' && to === moduleNodeId('drm'));
    expect(gdmHoldsDrm).toMatchObject({ references: 2, callSites: ['/dev/dri/card0'], confidence: 'certain' });
  });

  test('a service is shown process by process where that is asked for', () => {
    const { nodes } = createPresentGraphs()(session, { ...everything, expanded: ['gdm.service'] });
    expect(nodes.map(labelNode)).toContain('gdm3-9');
    expect(nodes.map(labelNode)).toContain('Xwayland-14');
    expect(nodes.map(labelNode)).not.toContain('gdm.service');
  });

  test('a guess has an arrow of its own and is not counted as nobody’s once more', () => {
    const guess = holder('kernel', 'irqbypass', { confidence: 'low' });
    const { edges } = createPresentGraphs()([account('kvm', 1, [guess], 1)], everything);
    expect(edges.map(({ from, confidence }) => `${from} ${confidence}`)).toEqual(['object kernel irqbypass low']);
  });

  test('looking again at the same moves nothing; a new holder makes another layout', () => {
    const graph = createPresentGraphs();
    const first = graph(session, everything);
    expect(graph([...session].reverse(), everything)).toEqual(first);
    const more = account('tun', 1, [holder('task', 'qemu', { processes: [process(70, 'qemu')] })]);
    expect(graph([...session.slice(0, 2), more], everything).layout).not.toBe(first.layout);
    expect(graph(session, everything).layout).toBe(first.layout);
  });

  test('the module that it is about is there though nothing holds it', () => {
    const { nodes } = createPresentGraphs()(session, { ...everything, centre: moduleNodeId('tun') });
    expect(nodes.map(labelNode)).toContain('tun');
  });

  test('a thousand modules are shown around the one that it is about', () => {
    const many = Array.from({ length: 1000 }, (_, i) =>
      account(`m${i}`, 1, [
        i === 0 ? holder('task', 'init', { processes: [process(1, 'init')] }) : holder('module', `m${i - 1}`),
      ]),
    );
    const { nodes, notShown, hops } = createPresentGraphs()(many, {
      centre: moduleNodeId('m500'),
      hops: 'auto',
      expanded: [],
    });
    expect(nodes.length).toBeLessThan(60);
    expect(notShown).toBe(1001 - nodes.length);
    expect(hops).toBeGreaterThan(1);
  });
});
