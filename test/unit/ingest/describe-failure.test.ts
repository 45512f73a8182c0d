import { expect, test } from 'vitest';
import { describeFailure } from '../../../renderer/ingest/describe-failure.ts';

test('memory that is not there is told as a recording that is too large', () => {
  const refused = () => new Float64Array(2 ** 40);
  expect(refused).toThrow(RangeError);
  try {
    refused();
  } catch (error) {
    expect(describeFailure(error).what).toContain('too large');
  }
});

test('a file that cannot be read any more is told with the browser’s reason', () => {
  const gone = new DOMException('The requested file could not be read', 'NotReadableError');
  expect(describeFailure(gone)).toMatchObject({ why: gone.message, remedy: expect.stringContaining('open it again') });
});

test('a programming error is not told as a failure but thrown on', () => {
  const bug = new TypeError('undefined is not a function');
  expect(() => describeFailure(bug)).toThrow(bug);
});
