import { ArrowDown, ArrowUp, type LucideIcon } from 'lucide-react';

export interface SortOrder<Key extends string> {
  readonly key: Key;
  readonly descending: boolean;
}

/** A column of a list of modules. */
export interface ModuleColumn<Key extends string> {
  readonly key: Key;
  readonly text: string;
  /** In a tooltip. */
  readonly note: string;
  /** Which way is looked at first: numbers from the highest, unless said otherwise. */
  readonly ascending?: boolean;
  /** Of numbers. */
  readonly isNumber?: boolean;
  /** Instead of the text, where that has no room; it is said all the same. */
  readonly icon?: LucideIcon;
  /** A few quiet words behind the text. */
  readonly also?: string;
}

/** What every list of modules has. */
export const nameColumn = {
  key: 'name',
  text: 'Module',
  also: '← used by',
  note: 'Name of the module, and the modules that use it',
  ascending: true,
} as const satisfies ModuleColumn<'name'>;

interface SortHeadsProps<Key extends string> {
  readonly columns: readonly ModuleColumn<Key>[];
  readonly order: SortOrder<Key>;
  readonly onSort: (order: SortOrder<Key>) => void;
}

/** The heads of a list of modules: a click sorts, another turns the order round. */
export function SortHeads<Key extends string>({ columns, order, onSort }: SortHeadsProps<Key>) {
  const sort = ({ key, ascending = false }: ModuleColumn<Key>) =>
    onSort({ key, descending: order.key === key ? !order.descending : !ascending });
  return (
    <div role="row" className="module-row module-heads" aria-rowindex={1}>
      {columns.map((column) => (
        <span
          key={column.key}
          role="columnheader"
          data-column={column.key}
          className={column.isNumber === true ? 'number' : ''}
          aria-sort={column.key === order.key ? (order.descending ? 'descending' : 'ascending') : undefined}
        >
          <button type="button" title={column.note} onClick={() => sort(column)}>
            <HeadText column={column} />
            {column.also === undefined ? null : <span className="module-head-users">{column.also}</span>}
            {column.key === order.key && column.icon === undefined ? <Direction descending={order.descending} /> : null}
          </button>
        </span>
      ))}
    </div>
  );
}

function HeadText({ column: { text, icon: Icon } }: { readonly column: ModuleColumn<string> }) {
  if (Icon === undefined) return text;
  return (
    <>
      <Icon size={13} aria-hidden />
      <span className="visually-hidden">{text}</span>
    </>
  );
}

function Direction({ descending }: { readonly descending: boolean }) {
  return descending ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />;
}
