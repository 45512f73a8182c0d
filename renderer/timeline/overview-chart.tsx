import { memo, useMemo } from 'react';
import { Area, AreaChart, XAxis, YAxis } from 'recharts';
import type { CssPixels } from '../../shared/units.ts';
import type { Overview } from '../../shared/view-model/recording-view.ts';
import { timeToX } from '../../shared/view-model/time-scale.ts';

const HEIGHT: CssPixels = 56;
const TOP: CssPixels = 6;
const STEPS = { type: 'stepAfter', isAnimationActive: false, activeDot: false, dot: false } as const;

interface OverviewChartProps {
  readonly data: Overview;
  readonly width: CssPixels;
  readonly bounds: { readonly start: number; readonly end: number };
}

/** A few paths and no more: an element for each column would block the window while it is made. */
export const OverviewChart = memo(function OverviewChart({ data, width, bounds }: OverviewChartProps) {
  const { points, losses } = useMemo(() => {
    const columns = data.columns.map(({ time, events, open }) => ({
      time,
      open,
      // A storm must not flatten everything else.
      events: Math.log2(1 + events),
    }));
    const last = columns.at(-1);
    const step = data.columns[1]?.time ?? 0;
    const scale = { from: bounds.start, to: bounds.end, width };
    const lost = data.columns.filter((column) => column.lost > 0);
    return {
      points: last === undefined ? [] : [...columns, { ...last, time: last.time + step }],
      losses: lost.map(({ time }) => `M${timeToX(scale, time).toFixed(1)} ${TOP}V${HEIGHT}`).join(''),
    };
  }, [data, bounds, width]);
  return (
    <AreaChart
      width={width}
      height={HEIGHT}
      data={points}
      margin={{ top: TOP, right: 0, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      tabIndex={-1}
    >
      <XAxis dataKey="time" type="number" domain={[bounds.start, bounds.end]} allowDataOverflow niceTicks="none" hide />
      <YAxis yAxisId="open" domain={[0, (max: number) => Math.max(1, max)]} niceTicks="none" hide />
      <YAxis yAxisId="events" domain={[0, (max: number) => Math.max(1, max) * 3]} niceTicks="none" hide />
      <Area yAxisId="open" dataKey="open" fill="var(--step)" fillOpacity={0.12} stroke="var(--step)" {...STEPS} />
      <Area yAxisId="events" dataKey="events" fill="var(--accent)" fillOpacity={1} stroke="none" {...STEPS} />
      <path d={losses} stroke="var(--lost)" strokeDasharray="2 2" />
    </AreaChart>
  );
});
