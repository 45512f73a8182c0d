import { useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { printTime } from '../../shared/event-table/clock.ts';
import { rulerTicks } from '../../shared/view-model/ruler-ticks.ts';
import { xToTime } from '../../shared/view-model/time-scale.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useElementSize } from '../timeline/use-element-size.ts';
import { visibleText } from '../widgets/visible-text.ts';

const MOST_POINTS = 500;
const MARGIN = { top: 14, right: 16, bottom: 6, left: 4 };
const AXIS = 44;

/** The references of the selected module in the visible window; a click sets the cursor. */
export function DetailChart() {
  const { id, engine, summary } = useRecording();
  const module = useStore((state) => state.module);
  const window = useStore((state) => state.window);
  const cursor = useStore((state) => state.cursor);
  const moveCursor = useStore((state) => state.moveCursor);
  const [area, { width, height }] = useElementSize<HTMLDivElement>();
  const points = Math.min(MOST_POINTS, Math.max(50, Math.floor(width / 2)));
  const detail = useLatestAnswer(
    module === undefined || width === 0 ? undefined : JSON.stringify([id, module, window, points]),
    () => engine.detail(module ?? '', window.from, window.to, points),
  );
  const data = useMemo(
    () => (detail ?? []).map(({ time, min, max, last }) => ({ time, range: [min, max], last })),
    [detail],
  );
  const plot = { from: window.from, to: window.to, width: Math.max(1, width - AXIS - MARGIN.left - MARGIN.right) };
  const ticks = rulerTicks(plot, summary.clock, 110).map(({ x, label }) => ({ time: xToTime(plot, x), label }));
  const labelOf = (time: number) => ticks.find((tick) => tick.time === time)?.label ?? '';

  if (module === undefined) return <p className="empty">Select a module to see its references over time.</p>;
  return (
    <div className="detail-chart" ref={area}>
      {width === 0 || height === 0 ? null : (
        <ComposedChart
          width={width}
          height={height}
          data={data}
          margin={MARGIN}
          accessibilityLayer={false}
          role="img"
          title={`References of ${visibleText(module)} in the visible window`}
          onClick={({ activeLabel }) => {
            if (activeLabel !== undefined) moveCursor(Number(activeLabel));
          }}
        >
          <CartesianGrid stroke="var(--grid)" />
          <XAxis
            dataKey="time"
            type="number"
            domain={[window.from, window.to]}
            allowDataOverflow
            ticks={ticks.map(({ time }) => time)}
            tickFormatter={labelOf}
            stroke="var(--border-strong)"
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
          />
          <YAxis
            width={AXIS}
            allowDecimals={false}
            domain={[0, (max: number) => Math.max(1, max)]}
            stroke="var(--border-strong)"
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(time) => printTime(summary.clock, Number(time))}
            formatter={(value, name) => (name === 'last' ? [String(value), 'references'] : [])}
            contentStyle={{ background: 'var(--surface)', border: '1px solid var(--border-strong)', borderRadius: 6 }}
          />
          <Area
            dataKey="range"
            type="stepAfter"
            stroke="none"
            fill="var(--accent)"
            fillOpacity={0.2}
            isAnimationActive={false}
            tooltipType="none"
          />
          <Line
            dataKey="last"
            type="stepAfter"
            stroke="var(--accent)"
            strokeWidth={1.5}
            dot={false}
            isAnimationActive={false}
          />
          {cursor >= window.from && cursor <= window.to ? <ReferenceLine x={cursor} stroke="var(--cursor)" /> : null}
        </ComposedChart>
      )}
    </div>
  );
}
