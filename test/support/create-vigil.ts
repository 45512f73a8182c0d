/** Waits for what other code brings about, without a clock. */
export interface Vigil {
  /** Settles as soon as it is so, now or at a later notice. */
  until(isSo: () => boolean): Promise<void>;
  /** Something has changed: everybody who waits looks again. */
  notice(): void;
}

export function createVigil(): Vigil {
  const waiting = new Set<() => void>();
  return {
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    notice() {
      for (const look of waiting) look();
    },
  };
}
