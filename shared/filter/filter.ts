import type { Problem } from '../problem.ts';
import type { FilterKey } from './filter-keys.ts';
import type { Pattern } from './pattern.ts';
import type { FilterToken, Stretch } from './split-filter.ts';

/** A line of text that says which events a person wants to see, read. */
export interface Filter {
  readonly text: string;
  /** For colouring the text. */
  readonly tokens: readonly FilterToken[];
  /** An event passes when it passes all of them. */
  readonly terms: readonly FilterTerm[];
  /** Words that were not understood; they are not among the terms. */
  readonly problems: readonly FilterProblem[];
}

/** What is wrong with a word, and where it stands. */
export interface FilterProblem extends Problem, Stretch {}

/** Both ends are in it. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

export type FilterTerm =
  /** `any` is a bare word: it may stand in any of the others. */
  | Term<'any' | Extract<FilterKey, 'module' | 'task' | 'site'>, { readonly patterns: readonly Pattern[] }>
  /** Of time: RecordingTime. */
  | Term<Extract<FilterKey, 'pid' | 'cpu' | 'refcount' | 'time'>, { readonly ranges: readonly NumberRange[] }>
  /** EventKind, or HoldState. */
  | Term<Extract<FilterKey, 'event' | 'is'>, { readonly values: readonly number[] }>;

/** The terms of some keys. */
export type TermOf<Key extends FilterTerm['key']> = Extract<FilterTerm, { readonly key: Key }>;

/** One type for each key, so that the key tells which it is. */
type Term<Key extends string, Asked> = Key extends string
  ? { readonly key: Key; readonly negated: boolean } & Asked
  : never;
