export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export function tellCounts(counts: Counts): void;
export function readCounts(stdout: string): Counts | undefined;
