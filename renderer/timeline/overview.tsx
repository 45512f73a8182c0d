import { memo, useMemo } from 'react';
import { Area, Bar, ComposedChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { CssPixels } from '../../shared/units.ts';
import type { Overview as OverviewData } from '../../shared/view-model/recording-view.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCount } from '../widgets/write-numbers.ts';
import { OverviewBrush } from './overview-brush.tsx';
import { useElementSize } from './use-element-size.ts';

/** A chart library draws this many points without being felt. */
const MOST_COLUMNS = 400;
const OVERVIEW_HEIGHT: CssPixels = 56;

/** The whole recording: events and open holds over time, and the visible window as a brush. */
export function Overview() {
  const { id, engine, bounds } = useRecording();
  const [area, { width }] = useElementSize<HTMLDivElement>();
  const columns = Math.min(MOST_COLUMNS, Math.max(1, Math.floor(width / 2)));
  const data = useLatestAnswer(width === 0 ? undefined : `${id} ${columns}`, () => engine.overview(columns));
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
        {width === 0 ? null : <OverviewBrush width={width} />}
      </div>
    </div>
  );
}

interface OverviewChartProps {
  readonly data: OverviewData;
  readonly width: CssPixels;
  readonly bounds: { readonly start: number; readonly end: number };
}

const OverviewChart = memo(function OverviewChart({ data, width, bounds }: OverviewChartProps) {
  const points = useMemo(
    () =>
      data.columns.map(({ time, events, open, lost }) => ({
        time,
        open,
        lost,
        // A storm must not flatten everything else.
        events: events === 0 ? undefined : Math.log2(1 + events),
      })),
    [data],
  );
  return (
    <ComposedChart
      width={width}
      height={OVERVIEW_HEIGHT}
      data={points}
      margin={{ top: 6, right: 0, bottom: 0, left: 0 }}
      barGap={0}
      barCategoryGap={0}
      accessibilityLayer={false}
      tabIndex={-1}
    >
      <XAxis dataKey="time" type="number" domain={[bounds.start, bounds.end]} allowDataOverflow hide />
      <YAxis yAxisId="open" domain={[0, (max: number) => Math.max(1, max)]} hide />
      <YAxis yAxisId="events" domain={[0, (max: number) => max * 3]} hide />
      <Area
        yAxisId="open"
        dataKey="open"
        type="stepAfter"
        stroke="var(--step)"
        strokeWidth={1}
        fill="var(--step)"
        fillOpacity={0.12}
        isAnimationActive={false}
      />
      <Bar yAxisId="events" dataKey="events" fill="var(--accent)" barSize={2} isAnimationActive={false} />
      {points.map(({ time, lost }) =>
        lost > 0 ? (
          <ReferenceLine key={time} yAxisId="open" x={time} stroke="var(--lost)" strokeDasharray="2 2" />
        ) : null,
      )}
    </ComposedChart>
  );
});
