import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from '../../shared/problem.ts';
import { LONGEST_SESSION, parseSession } from '../../shared/session/parse-session.ts';
import { identifyFile } from './identify-file.ts';
import { describeFileError, openTraceFile } from './open-trace-file.ts';

/** Where the recording of a session is. */
export type LocatedRecording =
  | { readonly state: 'found' | 'differs'; readonly path: string }
  | { readonly state: 'missing'; readonly path: string }
  | { readonly problem: Problem };

/**
 * Finds the recording that a session file names: where it was (a path that is not absolute counts from the session's own
 * folder), else beside the session, for whoever moves both. One whose content is what the session says goes before one
 * that only has the name.
 */
export async function locateRecording(sessionPath: string): Promise<LocatedRecording> {
  const read = await readSessionFile(sessionPath);
  if ('problem' in read) return read;
  const outcome = parseSession(read.text);
  if (!outcome.ok) return { problem: outcome.problem };
  const { name, path, sha256 } = outcome.session.recording;
  const folder = dirname(sessionPath);
  const places = new Set<string>();
  if (path !== undefined) places.add(resolve(folder, path)).add(join(folder, basename(path)));
  // A name is the last part of a path, whatever else a file that was edited says.
  if (basename(name) !== '' && basename(name) !== '..') places.add(join(folder, basename(name)));
  let other: string | undefined;
  for (const place of places) {
    if (place === sessionPath) continue;
    const file = await identifyFile(place);
    if (!file.ok) continue;
    if (sha256 === undefined || file.sha256 === sha256) return { state: 'found', path: place };
    other ??= place;
  }
  return other === undefined
    ? { state: 'missing', path: (path ?? name).slice(0, 4096) }
    : { state: 'differs', path: other };
}

async function readSessionFile(path: string): Promise<{ readonly text: string } | { readonly problem: Problem }> {
  const opened = await openTraceFile(path);
  if (!opened.ok) return opened;
  try {
    // Longer ones are refused by whoever reads them; what is read is bounded here.
    const { bytesRead, buffer } = await opened.file.read(Buffer.alloc(Math.min(opened.bytes, 4 * LONGEST_SESSION) + 1));
    return { text: buffer.toString('utf8', 0, bytesRead) };
  } catch (error) {
    return { problem: describeFileError(path, error) };
  } finally {
    await opened.file.close();
  }
}
