import { keyOf, type ReferenceRule } from '../reference-rule.ts';

const id = 'module-link';

/** The key of a module as a holder of those that it links to. */
export function linkKey(module: string): string {
  return keyOf({ id }, module);
}

/** Modules that use symbols of others: the only references that lsmod names. */
export const linkRules: readonly ReferenceRule[] = [
  {
    id,
    kind: 'module-link',
    meaning: 'It uses symbols that this module exports.',
    release: 'Unload it first.',
    source: 'ref_module',
    stage: 5,
    *find({ modules }) {
      const linked = new Map<string, string[]>();
      for (const { name, holders } of modules.values()) {
        for (const holder of holders) linked.set(holder, [...(linked.get(holder) ?? []), name]);
      }
      for (const [holder, names] of linked) {
        yield {
          thing: holder,
          name: holder,
          object: '',
          pids: [],
          counts: names.map((module) => ({ module, references: 1, confidence: 'certain' as const })),
          evidence: [`/sys/module/…/holders lists ${holder}`],
          endsWith: [holder],
          ways: [],
        };
      }
    },
  },
  {
    id: 'module-loader',
    kind: 'loader',
    meaning: 'Whoever loads it holds it until its init function returns.',
    release: 'Wait until it is loaded.',
    source: 'module_unload_init',
    stage: 5,
    *find({ modules }) {
      for (const { name, state } of modules.values()) {
        if (state !== 'coming') continue;
        yield {
          thing: name,
          name: 'insmod or modprobe',
          object: `${name}, being loaded`,
          pids: [],
          counts: [{ module: name, references: 1, confidence: 'certain' }],
          evidence: [`/proc/modules calls ${name} Loading`],
          ways: [],
        };
      }
    },
  },
];
