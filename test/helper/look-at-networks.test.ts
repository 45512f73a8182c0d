import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRandom } from './support/create-random.ts';
import {
  attribute,
  bigEndian,
  done,
  doneAmidChanges,
  linkHeader,
  message,
  number,
  packetHeader,
  refused,
  trafficHeader,
} from './support/encode-netlink.ts';
import { type FakeSystem, makeFakeSystem } from './support/make-fake-system.ts';
import { takeLook } from './support/take-look.ts';

const isRoot = process.getuid?.() === 0;
const [own, container] = [4026531840, 4026532999];
/** Netlink families, and types of requests in them. */
const [route, netfilter] = [0, 12];
const [links, queues, filters, actions] = [18, 38, 46, 50];
const [chains, rules, sets] = [10 * 256 + 4, 10 * 256 + 7, 6 * 256 + 7];

let system: FakeSystem;
beforeEach(() => {
  system = makeFakeSystem([
    'nf_tables 300000 2 nft_ct, Live 0x0',
    'cls_u32 32768 1 - Live 0x0',
    'act_gact 16384 2 - Live 0x0',
    'ip_set_hash_ip 45056 1 - Live 0x0',
  ]);
  chmodSync(system.path, 0o755);
  system.process(42);
  system.link('proc/self', '42');
  for (const family of [route, netfilter]) system.write(`netlink/${family}/none`, '');
});
afterEach(() => system.remove());

const answer = (folder: string, type: number, ...messages: readonly Buffer[]) =>
  system.write(`${folder}${type}`, Buffer.concat(messages));

const rule = (chain: string, ...expressions: readonly string[]) =>
  message(rules - 1, packetHeader(2), [
    attribute(1, 'filter'),
    attribute(2, chain),
    attribute(3, bigEndian(7)),
    attribute(
      4,
      expressions.map((name) => attribute(1, [attribute(1, name)])),
    ),
  ]);

/** A process in a network of its own, which answers too. */
function addContainer(pid: number, network = container): string {
  system.process(pid, { network });
  system.write(`proc/${pid}/netlink/${route}/none`, '');
  system.write(`proc/${pid}/netlink/${netfilter}/none`, '');
  return `proc/${pid}/netlink/`;
}

test('rules, sets, queues, filters and actions are told as the kernel lists them', async () => {
  answer(`netlink/${netfilter}/`, rules, rule('input', 'ct', 'cmp', 'immediate'), done);
  const chain = [attribute(1, 'nat'), attribute(3, 'post'), attribute(7, 'nat')];
  answer(`netlink/${netfilter}/`, chains, message(chains - 1, packetHeader(10), chain), done);
  const set = [attribute(2, 'hosts'), attribute(3, 'hash:ip'), attribute(0x8007, [attribute(25, bigEndian(3, 4))])];
  answer(`netlink/${netfilter}/`, sets, message(sets, packetHeader(2), set), done);
  answer(`netlink/${route}/`, links, message(16, linkHeader(5), [attribute(3, 'eth0')]), done);
  answer(`netlink/${route}/`, queues, message(36, trafficHeader(5, 0x10000, 0xffffffff), [attribute(1, 'htb')]), done);
  const gact = [
    attribute(1, 'gact'),
    attribute(2, [attribute(2, Buffer.concat([9, 0, 0, 2, 1].map((n) => number(n))))]),
  ];
  const u32 = [attribute(1, 'u32'), attribute(2, [attribute(7, [attribute(1, gact)])])];
  answer(`netlink/${route}/`, filters, message(44, trafficHeader(5, 0, 0x10000, 0x00310008), u32), done);
  const table = [attribute(1, [attribute(1, gact)])];
  answer(`netlink/${route}/`, actions, message(50, number(0), table), done);

  const { snapshot } = await takeLook(system.path);
  const action = { kind: 'gact', index: 9, references: 2, bindings: 1 };
  expect(snapshot.networks).toEqual([
    {
      namespace: own,
      pid: undefined,
      queues: [{ kind: 'htb', device: 'eth0', handle: '1:', parent: 'ffff:ffff' }],
      filters: [
        {
          kind: 'u32',
          device: 'eth0',
          block: undefined,
          parent: '1:',
          chain: 0,
          preference: 0x31,
          protocol: 8,
          actions: [action],
          matches: [],
        },
      ],
      actions: [action],
      chains: [{ family: 'ip6', table: 'nat', name: 'post', type: 'nat' }],
      rules: [
        {
          family: 'ip',
          table: 'filter',
          chain: 'input',
          handle: '7',
          expressions: ['ct', 'cmp', 'immediate'].map((name) => ({ name, extension: '' })),
        },
      ],
      objects: [],
      flowtables: [],
      sets: [{ name: 'hosts', type: 'hash:ip', references: 3 }],
    },
  ]);
});

test('the networks of containers are entered by root, and counted by others', async () => {
  const folder = addContainer(77);
  answer(`${folder}${netfilter}/`, rules, rule('inside', 'limit'), done);
  addContainer(78);
  const { snapshot } = await takeLook(system.path);
  const told = snapshot.networks.map(({ namespace, pid, rules: found }) => [namespace, pid, found.length]);
  expect(told).toEqual(
    isRoot
      ? [
          [own, undefined, 0],
          [container, 77, 1],
        ]
      : [[own, undefined, 0]],
  );
  const unseen = snapshot.unseen.filter(({ what }) => /network/.test(what));
  expect(unseen.length).toBe(isRoot ? 0 : 1);
});

test('of very many networks some are entered, and the rest is told as not looked at', async () => {
  for (let pid = 100; pid < 130; pid++) addContainer(pid, container + pid);
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.networks.length).toBe(isRoot ? 16 : 1);
  expect(snapshot.unseen.find(({ what }) => /network/.test(what))?.count).toBe(isRoot ? 15 : 30);
});

test.runIf(isRoot)('a network that may not be entered is told of', async () => {
  addContainer(77);
  system.write('proc/77/ns/closed', '');
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.networks.map(({ namespace }) => namespace)).toEqual([own]);
  expect(snapshot.unseen.map(({ what, why }) => `${what}: ${why}`)).toContain(
    'the packet filter and traffic control of the network of process 77: The kernel does not permit it.',
  );
});

test.runIf(isRoot)('where no network may be entered, our own included, all the rest is looked at', async () => {
  addContainer(77);
  system.write('proc/77/ns/closed', '');
  system.write('ns/closed', '');
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  expect(snapshot.networks.map(({ namespace }) => namespace)).toEqual([own]);
});

test('rules that were changed while they were told are told as perhaps not all', async () => {
  answer(`netlink/${netfilter}/`, rules, rule('input', 'ct'), doneAmidChanges);
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.networks[0]?.rules.map(({ chain }) => chain)).toEqual(['input']);
  expect(snapshot.unseen.map(({ what, why }) => `${what}: ${why}`)).toContain(
    'rules of nftables: It did not end well.',
  );
});

test('where an answer breaks off its rest is not taken for the next one', async () => {
  answer(`netlink/${route}/`, links, message(16, linkHeader(5), [attribute(3, 'eth0')]), Buffer.alloc(16));
  answer(`netlink/${route}/`, queues, message(36, trafficHeader(5, 0x10000, 0xffffffff), [attribute(1, 'htb')]), done);
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.networks[0]?.queues).toEqual([]);
  const unseen = snapshot.unseen.map(({ what }) => what);
  expect(unseen).toEqual(
    expect.arrayContaining(['network interfaces', 'queueing disciplines', 'traffic filters', 'traffic actions']),
  );
});

test('where none of it is in use nothing is asked, for asking would load it', async () => {
  system.write('proc/modules', 'nf_tables 300000 0 - Live 0x0\nip_set 57344 0 - Live 0x0\n');
  answer(`netlink/${netfilter}/`, rules, rule('input', 'ct'), done);
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.networks).toEqual([]);
});

test('what the kernel refuses is told as not seen', async () => {
  answer(`netlink/${netfilter}/`, rules, refused(1));
  const { snapshot } = await takeLook(system.path);
  expect(snapshot.unseen).toContainEqual({
    what: 'rules of nftables',
    why: 'The kernel does not permit it.',
    count: undefined,
  });
});

test('an answer that never ends is cut, and the next question is still answered', async () => {
  const many = Array.from({ length: 60_000 }, (_, at) => rule(`chain${at}`, 'ct', 'cmp'));
  answer(`netlink/${netfilter}/`, rules, ...many.map((one) => one.subarray(0, one.length)), done);
  const set = [attribute(2, 'hosts'), attribute(3, 'hash:ip')];
  answer(`netlink/${netfilter}/`, sets, message(sets, packetHeader(2), set), done);
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  expect(snapshot.unseen.map(({ what }) => what)).toContain('rules of nftables');
  expect(snapshot.networks[0]?.sets.map(({ name }) => name)).toEqual(['hosts']);
});

test.runIf(isRoot)('many networks that tell much are cut too, so that there is room for all the rest', async () => {
  const many = Array.from({ length: 230 }, () =>
    message(rules - 1, packetHeader(2), [attribute(9, Buffer.alloc(8000))]),
  );
  answer(`netlink/${netfilter}/`, rules, ...many, done);
  for (let pid = 101; pid < 113; pid++) {
    const folder = addContainer(pid, container + pid);
    system.link(`${folder}${netfilter}/${rules}`, `${system.path}/netlink/${netfilter}/${rules}`);
  }
  const { snapshot, result } = await takeLook(system.path);
  expect(result).toBe('done');
  expect(snapshot.networks.length).toBe(13);
  const what = snapshot.unseen.map((unseen) => unseen.what);
  expect(what.some((each) => each.startsWith('rules of nftables of the network of process'))).toBe(true);
  expect(what).not.toContain('rules of nftables');
});

test('answers of no sense end a question and nothing else, forty times', async () => {
  const random = createRandom(20261122);
  for (let round = 0; round < 40; round++) {
    for (const [family, types] of [
      [route, [links, queues, filters, actions]],
      [netfilter, [chains, rules, sets]],
    ] as const)
      for (const type of types) {
        const whole = Buffer.concat([rule('input', 'ct', 'cmp'), rule('output', 'limit'), done]);
        for (let change = 0; change < 8; change++) whole[random(whole.length)] = random(256);
        answer(`netlink/${family}/`, type, whole.subarray(0, random(whole.length) + 1));
      }
    const { result, snapshot } = await takeLook(system.path);
    expect(result).toBe('done');
    expect(snapshot.networks.length).toBe(1);
  }
});
