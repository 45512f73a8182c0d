import { createHash } from 'node:crypto';
import type { Problem } from '../../shared/problem.ts';
import { describeFileError, openTraceFile } from './open-trace-file.ts';

/** Where a file lies and the SHA-256 of what is in it, or why nobody can say. */
export type IdentifiedFile =
  | { readonly ok: true; readonly path: string; readonly sha256: string }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a whole file to say what is in it. */
export async function identifyFile(path: string): Promise<IdentifiedFile> {
  const opened = await openTraceFile(path);
  if (!opened.ok) return opened;
  try {
    const digest = createHash('sha256');
    for await (const chunk of opened.file.createReadStream({ autoClose: false })) digest.update(chunk);
    return { ok: true, path, sha256: digest.digest('hex') };
  } catch (error) {
    return { ok: false, problem: describeFileError(path, error) };
  } finally {
    await opened.file.close();
  }
}
