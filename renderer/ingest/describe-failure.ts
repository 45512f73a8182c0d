import type { Problem } from '../../shared/problem.ts';

/**
 * What to tell a person of a failure while reading that is nobody's programming error: memory that is not there, a
 * file that cannot be read any more.
 *
 * Errors: throws what it was given where it is something else.
 */
export function describeFailure(error: unknown): Problem {
  if (error instanceof RangeError && /alloc|memory|array (buffer )?length/i.test(error.message)) return outOfMemory;
  if (error instanceof Error && error.name.startsWith('Not')) {
    // NotReadableError, NotFoundError, NotAllowedError: the three ways of the File API to say so.
    return {
      what: 'The file was not read to its end.',
      why: error.message,
      remedy: 'Check that the file is still there and may be read, and open it again.',
    };
  }
  throw error;
}

export const outOfMemory: Problem = {
  what: 'The recording is too large for the memory there is.',
  why: 'The part of ModShark that reads recordings ran out of memory and was ended.',
  remedy: 'Record for a shorter time or fewer modules, or cut the text into parts.',
};
