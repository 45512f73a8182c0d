import { createRequire } from 'node:module';
import type { Problem } from '../../../shared/problem.ts';

/** What makes pseudo-terminals: a native module, and the only one of the program. */
export type PtyModule = typeof import('@lydell/node-pty');

/**
 * Loads the native module when the first terminal is opened, for a machine that it is not made for is to run
 * everything else.
 */
export function loadPty(): { readonly pty: PtyModule } | { readonly problem: Problem } {
  try {
    return { pty: createRequire(import.meta.url)('@lydell/node-pty') as PtyModule };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problem: { ...noModule, why: `${noModule.why} ${message.split('\n', 1)[0]!.slice(0, 500)}` } };
  }
}

const noModule: Problem = {
  what: 'There is no terminal in this window.',
  why: 'The native module that makes terminals, @lydell/node-pty, could not be loaded.',
  remedy:
    'It is made for Linux with glibc on x86-64 and arm64. From a source checkout, install it with npm ci (without --omit=optional). Everything else works without it: use a terminal of your own.',
};
