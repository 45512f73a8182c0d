import { memo, useDeferredValue, useLayoutEffect, useMemo } from 'react';
import { Area, AreaChart, XAxis, YAxis } from 'recharts';
import type { CssPixels } from '../../shared/units.ts';
import type { Overview as OverviewData } from '../../shared/view-model/recording-view.ts';
import { timeToX } from '../../shared/view-model/time-scale.ts';
import { beginWork } from '../state/activity.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCount } from '../widgets/write-numbers.ts';
import { OverviewBrush } from './overview-brush.tsx';
import { showBurst } from './show-burst.ts';
import { useElementSize } from './use-element-size.ts';

/** A chart library draws this many points without being felt. */
const MOST_COLUMNS = 300;
const OVERVIEW_HEIGHT: CssPixels = 56;

/** The whole recording: events and open holds over time, and the visible window as a brush. */
export function Overview() {
  const { id, engine, bounds } = useRecording();
  const [area, { width }] = useElementSize<HTMLDivElement>();
  const columns = Math.min(MOST_COLUMNS, Math.max(1, Math.floor(width / 2)));
  const answer = useLatestAnswer(width === 0 ? undefined : `${id} ${columns}`, () => engine.overview(columns));
  // The chart takes longer to make than all else in the window, so it is made after it.
  const data = useDeferredValue(answer);
  const underWay = data !== answer;
  useLayoutEffect(() => (underWay ? beginWork() : undefined), [underWay]);
  const most = data === undefined ? undefined : data.columns.reduce((max, { open }) => Math.max(max, open), 0);
  return (
    <div className="overview">
      <div className="overview-legend">
        <span className="overview-key overview-key-holds">
          open holds{most === undefined ? '' : `, up to ${writeCount(most)}`}
        </span>
        <span className="overview-key overview-key-events">events</span>
      </div>
      <div className="overview-area" ref={area}>
        {data === undefined ? null : <OverviewChart data={data} width={width} bounds={bounds} />}
        {width === 0 ? null : (
          <OverviewBrush
            width={width}
            onBurst={(time) => {
              if (data !== undefined) void showBurst(data, time);
            }}
          />
        )}
      </div>
    </div>
  );
}

const TOP: CssPixels = 6;
const STEPS = { type: 'stepAfter', isAnimationActive: false, activeDot: false, dot: false } as const;

interface OverviewChartProps {
  readonly data: OverviewData;
  readonly width: CssPixels;
  readonly bounds: { readonly start: number; readonly end: number };
}

/** A few paths and no more: an element for each column would block the window while it is made. */
const OverviewChart = memo(function OverviewChart({ data, width, bounds }: OverviewChartProps) {
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
      losses: lost.map(({ time }) => `M${timeToX(scale, time).toFixed(1)} ${TOP}V${OVERVIEW_HEIGHT}`).join(''),
    };
  }, [data, bounds, width]);
  return (
    <AreaChart
      width={width}
      height={OVERVIEW_HEIGHT}
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
