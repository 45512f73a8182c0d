import { memo } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import { captionEdge, labelNode, periodOfEdge } from '../../shared/graph/describe-graph.ts';
import { curveThrough, drawEdge, type EdgeLabelling } from '../../shared/graph/draw-edge.ts';
import type { GraphEdge, GraphNode } from '../../shared/graph/holder-graph.ts';
import type { CssPixels } from '../../shared/units.ts';
import { measureText } from '../timeline/measure-text.ts';
import { SvgItem } from './svg-item.tsx';

const NONE: ReadonlySet<string> = new Set();

interface EdgeViewProps {
  readonly edge: GraphEdge;
  readonly route: readonly CssPixels[];
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly clock: Clock | undefined;
  readonly selected: boolean;
  readonly labelling: EdgeLabelling;
  readonly dimmed: boolean;
  readonly onPress: (id: string) => void;
}

/** One arrow; a wide invisible line under it makes it easy to hit. */
export const EdgeView = memo(function EdgeView(props: EdgeViewProps) {
  const { edge, route, from, to, clock, selected, labelling, dimmed, onPress } = props;
  const items = drawEdge(edge, route, { selected: selected ? new Set([edge.id]) : NONE, measureText }, labelling);
  const words = describeEdge(edge, from, to, clock);
  const classes = `graph-edge${edge.references === 0 ? ' graph-ended' : ''}${dimmed ? ' graph-dimmed' : ''}`;
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: an arrow is a picture; its holder's node selects the same by keyboard
    <g className={classes} role="img" aria-label={words} onClick={() => onPress(edge.id)}>
      <title>{words}</title>
      <polyline className="graph-edge-reach" points={curveThrough(route).join(' ')} />
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a drawing has no other order than its own
        <SvgItem key={i} item={item} />
      ))}
    </g>
  );
});

function describeEdge(edge: GraphEdge, from: GraphNode, to: GraphNode, clock: Clock | undefined): string {
  const verb = edge.references === 0 ? 'held' : 'holds';
  const period = clock === undefined ? '' : periodOfEdge(edge, clock);
  return `${labelNode(from)} ${verb} ${labelNode(to)}: ${captionEdge(edge)}${period === '' ? '' : `, ${period}`}, ${edge.confidence} confidence`;
}
