import type { ReactNode } from 'react';
import { BarChart, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartCard, type LegendEntry, TICK, TOOLTIP } from './card.tsx';
import { nameAxis, RowName } from './name-axis.tsx';
import { type NumberRow, NumberTable } from './number-table.tsx';

interface NamesCardProps<Row extends object> {
  readonly title: string;
  /** What the list leaves out; empty for nothing. */
  readonly rest: string;
  readonly legend: readonly LegendEntry[];
  readonly asTable: boolean;
  readonly rows: readonly Row[];
  /** The field with the name of a row. */
  readonly nameKey: Extract<keyof Row, string>;
  readonly heads: readonly string[];
  readonly describe: (row: Row) => NumberRow;
  /** The bars, which lie one behind the other. */
  readonly children: ReactNode;
}

/** Names with a bar each, the longest first; or as a table. */
export function NamesCard<Row extends object>(props: NamesCardProps<Row>) {
  const { title, rest, legend, asTable, rows, nameKey, heads, describe, children } = props;
  return (
    <ChartCard
      title={title}
      note={rest}
      asTable={asTable}
      legend={legend}
      table={<NumberTable heads={heads} rows={rows.map(describe)} rest={rest} />}
      chart={(width, height) => (
        <BarChart
          layout="vertical"
          width={width}
          height={height}
          data={[...rows]}
          margin={{ top: 2, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          role="img"
          title={title}
        >
          <XAxis type="number" allowDecimals={false} stroke="var(--border-strong)" tick={TICK} height={20} />
          <YAxis
            type="category"
            dataKey={nameKey}
            {...nameAxis(width)}
            tick={<RowName width={nameAxis(width).width} />}
          />
          <Tooltip {...TOOLTIP} />
          {children}
        </BarChart>
      )}
    />
  );
}
