import type { Count } from '../reference-rule.ts';

/** One reference that the kernel itself lists; none where its module is built in. */
export function countOne(module: string | undefined): Count[] {
  return module === undefined ? [] : [{ module, references: 1, confidence: 'certain' }];
}
