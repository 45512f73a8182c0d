/** One thing that recording needs. */
export interface PreflightCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Whether nothing can be recorded as long as it is not ok; else it only makes things worse, or cannot be known for sure. */
  readonly blocks: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do about it; empty where it is ok. */
  readonly remedy: string;
}

/** A check that is passed. */
export function good(name: string, detail: string): PreflightCheck {
  return { name, ok: true, blocks: false, detail, remedy: '' };
}

/** A check without which nothing can be recorded. */
export function bad(name: string, detail: string, remedy: string): PreflightCheck {
  return { name, ok: false, blocks: true, detail, remedy };
}

/** A check that is not passed, and may matter. */
export function doubtful(name: string, detail: string, remedy: string): PreflightCheck {
  return { name, ok: false, blocks: false, detail, remedy };
}
