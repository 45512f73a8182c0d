import { appendFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

/** One line of the table that the host prints. */
export interface Row {
  readonly scenario: string;
  readonly step: string;
  readonly ok: boolean;
  /** What was seen, in short; on a failure also what was expected. */
  readonly seen: string;
}

/** Where the host looks for the rows. */
const results = '/out/results.jsonl';

let scenario = '';

export function beginScenario(name: string): void {
  scenario = name;
}

/** Writes a row of the table: at once, so that it is there when the kernel crashes. */
export function addRow(step: string, ok: boolean, seen: string): void {
  const row: Row = { scenario, step, ok, seen };
  appendFileSync(results, `${JSON.stringify(row)}\n`);
  console.log(`row ${ok ? 'ok  ' : 'FAIL'} ${scenario}: ${step}: ${seen}`);
}

/** A row that is good when two values are equal. */
export function check(step: string, actual: unknown, expected: unknown): void {
  const ok = isDeepStrictEqual(actual, expected);
  addRow(step, ok, ok ? short(actual) : `${short(actual)}, but expected ${short(expected)}`);
}

/** A number that is told and not judged. */
export function tell(step: string, seen: string): void {
  appendFileSync(results, `${JSON.stringify({ scenario, step, ok: true, seen, told: true })}\n`);
  console.log(`row told ${scenario}: ${step}: ${seen}`);
}

/** Keeps a recording beside the results, for whoever wonders why a row is bad. */
export function keepText(instance: string, text: string): void {
  const name = scenario.replace(/[^a-z0-9]+/gi, '-');
  writeFileSync(`/out/${name}-${instance}.txt`, text, 'latin1');
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
