import type { FileHandle } from 'node:fs/promises';
import { describeFileError } from './open-trace-file.ts';
import { maxChunkBytes, type TraceContent } from './stream-trace.ts';

/** A file's bytes, and the way to close it where nobody begins to read them. */
export interface FileContent extends TraceContent {
  close(): Promise<void>;
}

/** A file's bytes for the page, to its end; it is closed then, and when nobody wants more. */
export function readTraceFile(path: string, file: FileHandle, bytes: number): FileContent {
  return {
    close: () => file.close(),
    async *read() {
      try {
        let total = 0;
        for (;;) {
          const { bytesRead, buffer } = await file.read(new Uint8Array(maxChunkBytes), 0, maxChunkBytes, null);
          total += bytesRead;
          if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
          else if (total < bytes) throw new FileShrunk();
          else return;
        }
      } finally {
        await file.close();
      }
    },
    explain: (error) => (error instanceof FileShrunk ? describeShrunk(path) : describeFileError(path, error)),
  };
}

class FileShrunk extends Error {}

function describeShrunk(path: string) {
  return {
    what: `${path} was not read to its end.`,
    why: 'The file became shorter while it was read.',
    remedy: 'Wait until whatever writes it is done, then open it again.',
  };
}
