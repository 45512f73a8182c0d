import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { sortModulesBy } from './sort-modules.ts';

export type SortKey = 'name' | 'references' | 'unexplained' | 'events';

/** Modules as they stand at the cursor, sorted. */
export const sortStandings = sortModulesBy<ModuleStanding, SortKey>({
  name: [],
  references: [({ lsmod }) => lsmod ?? -1],
  unexplained: [({ unexplained }) => unexplained ?? -1],
  events: [({ events }) => events],
});
