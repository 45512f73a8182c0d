import { beginWork } from '../state/activity.ts';
import { type OpenRecording, useStore } from '../state/store.ts';

/** Where a recording lies and what is in it, as far as anybody can say. */
export interface RecordingIdentity {
  readonly path: string | undefined;
  readonly sha256: string | undefined;
}

/** A browser hashes a file only as a whole, in memory. */
const MOST_HASHED = 512 * 1024 * 1024;

/** Asks the host, or reads the file that the browser gave. */
export async function identifyRecording({
  ticket,
  file,
}: Pick<OpenRecording, 'ticket' | 'file'>): Promise<RecordingIdentity> {
  const { host } = useStore.getState();
  const ended = beginWork();
  try {
    if (ticket !== undefined && host !== undefined) {
      const found = await host.request('trace.identify', { ticket });
      if (found.ok) return { path: found.path, sha256: found.sha256 };
    }
    return { path: undefined, sha256: file === undefined ? undefined : await hashFile(file) };
  } finally {
    ended();
  }
}

async function hashFile(file: File): Promise<string | undefined> {
  if (file.size > MOST_HASHED) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
