import type { ReactNode } from 'react';
import type { CssPixels } from '../../shared/units.ts';
import { useElementSize } from '../timeline/use-element-size.ts';

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly opacity?: number;
}

interface ChartCardProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly legend: readonly LegendEntry[];
  /** Drawn for the room that there is. */
  readonly chart: (width: CssPixels, height: CssPixels) => ReactNode;
  /** The same in words; shown instead of the chart where wanted. */
  readonly table: ReactNode;
  readonly asTable: boolean;
}

/** One chart with its title, and its numbers as a table. */
export function ChartCard({ title, note, legend, chart, table, asTable }: ChartCardProps) {
  return (
    <section className="statistics-card" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {note === undefined || note === '' ? null : (
          <span className="quiet ellipsis" title={note}>
            {note}
          </span>
        )}
        {asTable ? null : (
          <span className="statistics-legend">
            {legend.map(({ name, colour, opacity }) => (
              <span key={name}>
                <span className="swatch" style={{ background: colour, opacity }} aria-hidden />
                {name}
              </span>
            ))}
          </span>
        )}
      </header>
      {asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled with the keyboard
        <section className="statistics-table" tabIndex={0} aria-label={`${title}, as a table`}>
          {table}
        </section>
      ) : (
        <ChartArea chart={chart} />
      )}
    </section>
  );
}

function ChartArea({ chart }: Pick<ChartCardProps, 'chart'>) {
  const [area, { width, height }] = useElementSize<HTMLDivElement>();
  return (
    <div className="statistics-chart" ref={area}>
      {width === 0 || height === 0 ? null : chart(width, height)}
    </div>
  );
}

export const GETS_AND_PUTS: readonly LegendEntry[] = [
  { name: 'gets', colour: 'var(--holder-0)' },
  { name: 'puts', colour: 'var(--holder-1)' },
];
/** Paler is what was taken and given back within one call. */
export const HOLDS: readonly LegendEntry[] = [
  { name: 'holds', colour: 'var(--holder-none)' },
  { name: 'passing', colour: 'var(--holder-none)', opacity: 0.35 },
];

/** What every chart here has in common. */
export const BAR = { isAnimationActive: false, maxBarSize: 16 } as const;
export const TICK = { fill: 'var(--text-3)', fontSize: 11 } as const;
export const TOOLTIP = {
  isAnimationActive: false,
  cursor: { fill: 'var(--hover)' },
  contentStyle: {
    background: 'var(--surface)',
    border: '1px solid var(--border-strong)',
    borderRadius: 6,
    fontSize: 12,
    padding: '4px 8px',
  },
  itemStyle: { color: 'var(--text)', padding: 0 },
  labelStyle: { color: 'var(--text-2)' },
} as const;
