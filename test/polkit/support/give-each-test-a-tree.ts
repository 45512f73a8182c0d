import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type FakeTree, makeFakeTree } from '../../helper/support/make-fake-tree.ts';
import { machine, putInPlace, rootHelpers } from './machine.ts';

/** One line of trace, as the kernel would write it. */
export const line = '          insmod-154     [001] .....     9.228660: module_load: testmod OE\n';

/**
 * Gives each test a tree of files in the place of tracefs, and after it sees that nothing of root's runs and that the
 * user's home is as it was. Returns the tree of the test that runs.
 */
export function giveEachTestATree(): () => FakeTree {
  let tree: FakeTree;
  beforeEach(() => {
    tree = makeFakeTree();
    putInPlace('files', tree);
  });
  afterEach(() => {
    expect(rootHelpers()).toEqual([]);
    tree.remove();
    rmSync(join(machine.home, '.local'), { recursive: true, force: true });
  });
  return () => tree;
}

/** The helper's instance in the tree gets its line. */
export function traceOneLine(tree: FakeTree): void {
  const [instance] = tree.instances();
  writeFileSync(join(tree.path, 'instances', instance!, 'trace_pipe'), line);
}
