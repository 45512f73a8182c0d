import { lstatSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where packages and build/install-helper.mjs put the helper; polkit’s policy names the same. */
const installedHelpers = [
  '/usr/libexec/modshark/capture-helper',
  '/usr/local/libexec/modshark/capture-helper',
] as const;

export interface FoundHelper {
  readonly path: string;
  /** Why nobody should make it root; undefined where it is root's alone. */
  readonly flaw: string | undefined;
}

/** The installed helper, if there is one. */
export function findInstalledHelper(places: readonly string[] = installedHelpers): FoundHelper | undefined {
  for (const path of places) {
    const there = look(path);
    if (there === undefined) continue;
    return { path, flaw: findFlaw(path, there) };
  }
  return undefined;
}

/** The helper that a source checkout builds: only for somebody who is root already. */
export function findBuiltHelper(root: string): string | undefined {
  const path = join(root, 'out/helper/capture-helper');
  return look(path)?.isFile() ? path : undefined;
}

/** A program that becomes root must be what root put there: it, and every folder on the way to it. */
function findFlaw(path: string, there: Stats): string | undefined {
  if (!there.isFile()) return 'It is no plain file.';
  if ((there.mode & 0o111) === 0) return 'It cannot be executed.';
  for (let at = path; ; at = dirname(at)) {
    const facts = look(at);
    if (facts === undefined) return `${at} cannot be looked at.`;
    if (facts.isSymbolicLink()) return `${at} is a link, and polkit does not follow it.`;
    if (facts.uid !== 0) return `${at} does not belong to root.`;
    if ((facts.mode & 0o022) !== 0) return `Others than root may write to ${at}.`;
    if (at === dirname(at)) return undefined;
  }
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
