/** An expected failure, as it is told to a person: what happened, why, and what to do about it. */
export interface Problem {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}
