import type { CaptureMeans } from '../host/capture/capture-means.ts';
import { createHost, type Host } from '../host/create-host.ts';
import type { AppFolders } from '../host/find-app-folders.ts';
import { findUserFolders } from '../host/find-user-folders.ts';

/** The contract's host as the loopback server carries it: without a dialog, for the browser has its own. */
export function createLoopbackHost(
  app: AppFolders,
  files: readonly string[],
  means: CaptureMeans,
  say: (line: string) => void,
): Host {
  const user = findUserFolders(process.env);
  return createHost({ kind: 'loopback', app, user, files, means, answersGets: true, complain: say });
}
