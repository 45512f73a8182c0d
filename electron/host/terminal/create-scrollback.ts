/** The last output of a terminal, for a page that is loaded again. */
export interface Scrollback {
  add(bytes: Uint8Array): void;
  /** What is kept; where older output was forgotten it begins with a whole line. */
  read(): Uint8Array;
}

export function createScrollback(mostBytes: number): Scrollback {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let forgotten = false;

  return {
    add(added) {
      parts.push(Uint8Array.from(added.subarray(Math.max(0, added.length - mostBytes))));
      bytes += parts.at(-1)!.length;
      forgotten ||= added.length > mostBytes;
      while (bytes - parts[0]!.length >= mostBytes) {
        bytes -= parts.shift()!.length;
        forgotten = true;
      }
      // Single keystrokes make many small parts.
      if (parts.length > 1024) parts = [Buffer.concat(parts)];
    },
    read() {
      const all = Buffer.concat(parts);
      const kept = all.subarray(Math.max(0, all.length - mostBytes));
      if (!forgotten && kept.length === all.length) return kept;
      return kept.subarray(kept.indexOf('\n') + 1);
    },
  };
}
