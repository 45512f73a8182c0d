import type { ConfidenceName } from './hold-table.ts';

/** What each level of confidence means, for a person who asks how sure it is. */
export const confidenceWords: Record<ConfidenceName, string> = {
  certain: 'The kernel itself says so in the order of its events.',
  high: 'Taken by this holder and not given back by anyone else; nothing recorded speaks against it.',
  medium:
    'The likeliest holder: it changed hands or may have, or events are missing, or its sort of call site is less well known.',
  low: 'A hint only. It counts as unexplained.',
};
