import { type Clock, printTime } from '../event-table/clock.ts';
import { writeGraph } from '../graph/describe-graph.ts';
import { drawGraph } from '../graph/draw-graph.ts';
import type { GraphPicture } from '../graph/holder-graph.ts';
import type { CssPixels } from '../units.ts';
import type { MeasureText } from '../view-model/display-list.ts';
import { fitText } from '../view-model/fit-text.ts';
import { escapeTerminal } from './escape-terminal.ts';
import type { Picture } from './print-svg.ts';

export interface HolderGraphOptions {
  /** The recording's name. */
  readonly name: string;
  readonly clock: Clock;
  /** Ids of nodes or edges. */
  readonly selected: ReadonlySet<string>;
  readonly measureText: MeasureText;
}

const HEADING: CssPixels = 40;
const MARGIN: CssPixels = 24;
/** Room for the heading over a graph of two nodes. */
const NARROWEST: CssPixels = 480;
/** Arrows that are told one by one to who cannot see the picture. */
const MOST_TOLD = 100;

/** The holder graph at one time as a picture that tells by itself what it shows. */
export function drawHolderGraph(graph: GraphPicture, options: HolderGraphOptions): Picture {
  const { clock, selected, measureText } = options;
  const visible = withVisibleNames(graph);
  const list = drawGraph(visible, { selected, measureText });
  const width = Math.max(list.width, NARROWEST);
  const name = escapeTerminal(options.name);
  const when = `at ${printTime(clock, graph.time)}${clock.unit === 'ticks' ? ' ticks' : ' s'}`;
  const more = graph.notShown === 0 ? '' : `, ${graph.notShown} more not shown`;
  const room = width - 2 * MARGIN - measureText(when + more, 11) - 24;
  const told = writeGraph(visible);
  return {
    width,
    height: HEADING + list.height,
    title: `${name}: who holds which module`,
    description: [
      `Holders and the modules they hold, ${when}${more}.`,
      ...told.slice(0, MOST_TOLD),
      ...(told.length > MOST_TOLD ? [`… and ${told.length - MOST_TOLD} more`] : []),
    ].join('\n'),
    parts: [
      {
        x: 0,
        y: 0,
        list: {
          width,
          height: HEADING,
          items: [
            {
              kind: 'text',
              x: MARGIN,
              y: HEADING / 2,
              text: fitText(name, room, 13, measureText),
              colour: 'text',
              size: 13,
              align: 'left',
              bold: true,
            },
            {
              kind: 'text',
              x: width - MARGIN,
              y: HEADING / 2,
              text: when + more,
              colour: 'text-muted',
              size: 11,
              align: 'right',
            },
          ],
        },
      },
      { x: 0, y: HEADING, list },
    ],
  };
}

/** What a stranger chose is made visible before it is measured and drawn, as the window does it. */
function withVisibleNames(graph: GraphPicture): GraphPicture {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, name: escapeTerminal(node.name), noun: escapeTerminal(node.noun) })),
    edges: graph.edges.map((edge) => ({ ...edge, callSites: edge.callSites.map(escapeTerminal) })),
  };
}
