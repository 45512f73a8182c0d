import fc from 'fast-check';
import type { Step } from './write-history.ts';

export interface HistorySize {
  readonly modules: number;
  /** Up to 8, as many as `writeHistory` knows. */
  readonly tasks: number;
  /** Steps. */
  readonly most: number;
}

/** What `writeHistory` plays: anything that can happen to a few modules. */
export function arbitraryHistory({ modules, tasks, most }: HistorySize) {
  const module = fc.integer({ min: 0, max: modules - 1 });
  const task = fc.integer({ min: 0, max: tasks - 1 });
  const pick = fc.nat(30);
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('open' as const),
        task,
        module,
        second: fc.option(module, { nil: undefined }),
      }),
    },
    { weight: 7, arbitrary: fc.record({ do: fc.constant('close' as const), pick }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('closeByStranger' as const), pick, task }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('closeByReceiver' as const), pick, task }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('mount' as const), task, module }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unmount' as const), pick, task }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('load' as const),
        module,
        uses: fc.array(module, { maxLength: 3 }),
        pinsOwn: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unload' as const), module }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('failLoad' as const), module, uses: module, early: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  );
  const before = fc.option(fc.nat(3), { nil: undefined });
  return {
    /** References of each module that were taken before the recording; undefined for a module that is not loaded yet. */
    before: fc.array(before, { minLength: modules, maxLength: modules }),
    steps: fc.array(step, { minLength: 1, maxLength: most }),
  };
}
