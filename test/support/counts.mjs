/**
 * The last line of a suite that counts for itself, and how it went. The process then ends by itself: with
 * `process.exit()` what a pipe has not taken yet would be lost, and this line with it.
 *
 * @param {{ passed: number, failed: number }} counts of tests; a suite that ran none has failed
 */
export function tellCounts({ passed, failed }) {
  const none = passed + failed === 0 ? 1 : 0;
  process.exitCode = failed + none === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed + none} failed`);
}

/** What a suite counted, by its last line; undefined where it printed none. */
export function readCounts(stdout) {
  const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(stdout) ?? [];
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) };
}
