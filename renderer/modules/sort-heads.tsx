import { ArrowDown, ArrowUp } from 'lucide-react';
import type { SortKey, SortOrder } from './sort-standings.ts';

interface SortHeadsProps {
  readonly order: SortOrder;
  readonly onSort: (order: SortOrder) => void;
}

const HEADS: readonly { readonly key: SortKey; readonly text: string; readonly note: string }[] = [
  { key: 'name', text: 'Module', note: 'Name of the module, and the modules that use it' },
  { key: 'references', text: 'Refs', note: 'References, as lsmod would have printed them at the cursor' },
  { key: 'unexplained', text: 'Unexpl.', note: 'References that nothing in the recording explains' },
  { key: 'events', text: 'Events', note: 'Events in the whole recording' },
];

/** The heads of the list of modules: a click sorts, another turns the order round. */
export function SortHeads({ order, onSort }: SortHeadsProps) {
  const sort = (key: SortKey) => onSort({ key, descending: order.key === key ? !order.descending : key !== 'name' });
  return (
    <div role="row" className="module-row module-heads" aria-rowindex={1}>
      {HEADS.map(({ key, text, note }) => (
        <span
          key={text}
          role="columnheader"
          className={key === 'name' ? '' : 'number'}
          aria-sort={key === order.key ? (order.descending ? 'descending' : 'ascending') : undefined}
        >
          <button type="button" title={note} onClick={() => sort(key)}>
            {text}
            {key === 'name' ? <span className="module-head-users">← used by</span> : null}
            {key === order.key ? <Direction descending={order.descending} /> : null}
          </button>
        </span>
      ))}
    </div>
  );
}

function Direction({ descending }: { readonly descending: boolean }) {
  return descending ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />;
}
