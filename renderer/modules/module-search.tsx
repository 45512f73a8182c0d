import { Search } from 'lucide-react';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';

interface ModuleSearchProps {
  /** How many there are without a search, and without a filter. */
  readonly count: number;
  readonly all: number;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** The line that narrows a list of modules by name. */
export function ModuleSearch({ count, all, search, onSearch }: ModuleSearchProps) {
  return (
    <label className="field modules-search">
      <Search size={13} aria-hidden />
      <span className="visually-hidden">Search modules</span>
      <input
        type="search"
        placeholder={
          count === all ? writeCounted(all, 'module') : `${writeCount(count)} of ${writeCounted(all, 'module')}`
        }
        value={search}
        onChange={(event) => onSearch(event.target.value)}
      />
    </label>
  );
}
