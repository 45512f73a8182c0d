import { memo } from 'react';
import { captionNode, labelNode } from '../../shared/graph/describe-graph.ts';
import { drawNode } from '../../shared/graph/draw-node.ts';
import type { GraphNode, NodePlace } from '../../shared/graph/holder-graph.ts';
import { measureText } from '../timeline/measure-text.ts';
import { SvgItem } from './svg-item.tsx';

const NONE: ReadonlySet<string> = new Set();

interface NodeViewProps {
  readonly node: GraphNode;
  readonly place: NodePlace;
  readonly selected: boolean;
  /** Where the Tab key enters the graph. */
  readonly entry: boolean;
  readonly onPress: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly onHover: (id: string | undefined) => void;
  readonly keep: (id: string, element: SVGGElement | null) => void;
}

/** One node, which the arrow keys reach. */
export const NodeView = memo(function NodeView(props: NodeViewProps) {
  const { node, place, selected, entry, onPress, onFocus, onHover, keep } = props;
  const items = drawNode(node, place, { selected: selected ? new Set([node.id]) : NONE, measureText });
  const words = `${labelNode(node)}, ${node.sort === 'module' ? 'module, ' : ''}${captionNode(node)}`;
  return (
    <g
      className={node.ended ? 'graph-node graph-ended' : 'graph-node'}
      style={{ transform: `translate(${place.x}px, ${place.y}px)` }}
    >
      <g aria-hidden>
        {items.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a drawing has no other order than its own
          <SvgItem key={i} item={item} />
        ))}
      </g>
      {/* What is drawn may be cut short; what is said is whole. So the button lies over the drawing, not around it. */}
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no button of its own */}
      <g
        ref={(element) => {
          keep(node.id, element);
          return () => keep(node.id, null);
        }}
        className="graph-button"
        role="button"
        tabIndex={entry ? 0 : -1}
        aria-label={words}
        aria-pressed={selected}
        onClick={() => onPress(node.id)}
        onFocus={() => onFocus(node.id)}
        onPointerEnter={() => onHover(node.id)}
        onPointerLeave={() => onHover(undefined)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          event.stopPropagation();
          onPress(node.id);
        }}
      >
        <title>{words}</title>
        <rect x={-4} y={-4} width={place.width + 8} height={place.height + 8} rx={9} />
      </g>
    </g>
  );
});
