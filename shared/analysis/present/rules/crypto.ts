import type { SnapshotIndex } from '../index-snapshot.ts';
import type { Found, ReferenceRule } from '../reference-rule.ts';

interface Algorithm {
  readonly name: string;
  readonly driver: string;
  readonly module: string;
  readonly transforms: number;
}

/** Records of /proc/crypto. Its refcnt is 1 without a user. */
function readAlgorithms(index: SnapshotIndex): Algorithm[] {
  const algorithms: Algorithm[] = [];
  for (const record of (index.text('/proc/crypto') ?? '').split(/\n\s*\n|\n(?=name\s+:)/)) {
    const field = (key: string) => new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(record)?.[1]?.trim() ?? '';
    const module = index.module(field('module'));
    const transforms = Number(field('refcnt')) - 1;
    if (module !== undefined && transforms > 0)
      algorithms.push({ name: field('name'), driver: field('driver'), module, transforms });
  }
  return algorithms;
}

/** Modules known to keep a transform of an algorithm from their start to their end. */
const users: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^crc32c$/, ['libcrc32c', 'btrfs', 'iscsi_target_mod', 'nvme_tcp', 'sctp']],
  [/^crct10dif$/, ['crc_t10dif']],
  [/^crc64-rocksoft$/, ['crc64_rocksoft']],
  [/^(xxhash64|blake2b-256)$/, ['btrfs']],
  [/^crc32$/, ['f2fs']],
  [/^(lzo|lzo-rle|lz4|zstd|842|deflate)$/, ['zram', 'zswap', 'ubifs']],
];

/** Who may be behind a transform: the kernel lists their number and not their owners. */
function candidatesOf(index: SnapshotIndex, name: string): string[] {
  const found: string[] = [];
  for (const [pattern, modules] of users) {
    if (pattern.test(name))
      for (const module of modules) if (index.modules.has(module)) found.push(`the module ${module}`);
  }
  if (/crc32c/.test(name))
    for (const { type, mountPoints } of index.snapshot.superblocks)
      if (/^(ext4|xfs|btrfs|f2fs)$/.test(type))
        found.push(`the ${type} filesystem on ${mountPoints[0]?.path ?? 'no mount point'}`);
  if (/aes|xts|cbc|sha|essiv/.test(name))
    for (const { mapperName, mapperUuid } of index.snapshot.blockDevices)
      if (/^CRYPT-/.test(mapperUuid ?? '')) found.push(`the encrypted device ${mapperName}`);
  const sockets = index.snapshot.sockets.filter(({ protocol }) => protocol === 'ALG');
  for (const { descriptors } of sockets) {
    const comm = index.process(descriptors[0]?.pid ?? -1)?.comm;
    if (comm !== undefined) found.push(`the AF_ALG socket of ${comm} (${descriptors[0]!.pid})`);
  }
  if (/gcm|aes|ccm|cmac/.test(name)) {
    for (const module of ['tls', 'mac80211', 'macsec', 'cifs', 'esp4', 'esp6', 'ksmbd'])
      if ((index.modules.get(module)?.refcount ?? 0) > 0) found.push(`the module ${module}`);
  }
  return [...new Set(found)];
}

function* findTransforms(index: SnapshotIndex): Generator<Found> {
  for (const { name, driver, module, transforms } of readAlgorithms(index)) {
    const candidates = candidatesOf(index, name);
    const told = candidates.slice(0, 6).join(', ');
    yield {
      thing: `${module} ${driver}`,
      name: driver,
      object: `${name} (${driver})`,
      pids: [],
      // How many is sure; whose they are is not, and without anyone who may be it, it is a number and no answer.
      counts: [{ module, references: transforms, confidence: candidates.length > 0 ? 'medium' : 'low' }],
      evidence: [
        `/proc/crypto: ${transforms === 1 ? '1 transform' : `${transforms} transforms`} of ${driver}`,
        candidates.length > 0
          ? `the kernel does not list whose; in question: ${told}`
          : 'the kernel does not list whose, and nothing known here fits',
      ],
      ways: [
        {
          title: candidates.length > 0 ? `Stop what encrypts or checks with it: ${told}` : `Stop what uses ${name}`,
          command: undefined,
          consequence: '',
        },
      ],
    };
  }
}

/** Ciphers and checksums: the kernel counts their users and does not name them. */
export const cryptoRules: readonly ReferenceRule[] = [
  {
    id: 'crypto-transform',
    kind: 'crypto-alg',
    noun: 'transform',
    meaning: 'Something in the kernel encrypts, hashes or checks with an algorithm of this module.',
    release:
      'Stop what uses the algorithm: an encrypted device, a filesystem with checksums, a tunnel, an AF_ALG socket.',
    source: 'crypto_mod_get',
    stage: 4,
    find: findTransforms,
  },
];
