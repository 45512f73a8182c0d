import type { DisplayItem } from '../../shared/view-model/display-list.ts';
import { printColumns } from '../../shared/view-model/print-columns.ts';
import { cssColour } from '../timeline/read-palette.ts';

/** An item of a display list as an element of SVG, in the colours of the page. */
export function SvgItem({ item }: { readonly item: DisplayItem }) {
  const colour = cssColour(item.colour);
  switch (item.kind) {
    case 'polyline':
      return (
        <polyline
          points={item.points.join(' ')}
          fill="none"
          stroke={colour}
          strokeWidth={item.lineWidth}
          strokeLinejoin="round"
          strokeDasharray={item.dashed === true ? '4 3' : undefined}
        />
      );
    case 'polygon':
      return <polygon points={item.points.join(' ')} fill={colour} opacity={item.opacity} />;
    case 'columns':
      return <path d={printColumns(item, String)} fill={colour} opacity={item.opacity} />;
    case 'rect': {
      const inset = (item.outline ?? 0) / 2;
      return (
        <rect
          x={item.x + inset}
          y={item.y + inset}
          width={item.width - 2 * inset}
          height={item.height - 2 * inset}
          rx={item.radius}
          opacity={item.opacity}
          fill={item.outline === undefined ? colour : 'none'}
          stroke={item.outline === undefined ? undefined : colour}
          strokeWidth={item.outline}
        />
      );
    }
    case 'hatch':
      return <rect x={item.x} y={item.y} width={item.width} height={item.height} fill={colour} opacity={0.3} />;
    case 'text':
      return (
        <text
          x={item.x}
          y={item.y}
          dy="0.36em"
          fill={colour}
          fontSize={item.size}
          fontWeight={item.bold === true ? 600 : 400}
          textAnchor={item.align === 'left' ? 'start' : item.align === 'right' ? 'end' : 'middle'}
        >
          {item.text}
        </text>
      );
  }
}
