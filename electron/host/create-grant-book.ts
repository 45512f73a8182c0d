import { createHash, randomBytes } from 'node:crypto';

/** Bytes that whoever has the grant may have, once. */
export interface GrantedBytes {
  /** Reads them to their end; throws where they do not come to it. Called at most once. */
  read(): AsyncIterable<Uint8Array>;
  /** Nobody reads them: frees what they hold. */
  discard(): void;
}

export interface Grant {
  /** 256 bits that are good once, for a minute, and until `withdraw`. */
  readonly secret: string;
  withdraw(): void;
}

/** Grants for bytes that the page fetches beside the contract's frames, for these cost more than such bytes are worth. */
export interface GrantBook {
  issue(bytes: GrantedBytes): Grant;
  /** The bytes of a secret, which is used up by it; undefined where it is not, or no longer, good. */
  redeem(secret: string): GrantedBytes | undefined;
}

const goodForMs = 60_000;

export function createGrantBook(): GrantBook {
  const granted = new Map<string, { readonly bytes: GrantedBytes; readonly timer: NodeJS.Timeout }>();
  const take = (key: string) => {
    const found = granted.get(key);
    granted.delete(key);
    clearTimeout(found?.timer);
    return found?.bytes;
  };
  return {
    issue(bytes) {
      const secret = randomBytes(32).toString('base64url');
      const key = digest(secret);
      const withdraw = () => take(key)?.discard();
      granted.set(key, { bytes, timer: setTimeout(withdraw, goodForMs).unref() });
      return { secret, withdraw };
    },
    redeem: (secret) => take(digest(secret)),
  };
}

/** Looked up by its digest, so that the time this takes tells nothing of a secret. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
