import type { GraphPicture } from '../../shared/graph/holder-graph.ts';
import { visibleText } from '../widgets/visible-text.ts';

/** The picture with every name that a stranger chose written so that it can be shown; ids stay as they are. */
export function makeNamesVisible(picture: GraphPicture): GraphPicture {
  return {
    ...picture,
    nodes: picture.nodes.map((node) => ({
      ...node,
      name: visibleText(node.name),
      noun: visibleText(node.noun),
      unit: node.unit === undefined ? undefined : visibleText(node.unit),
    })),
    edges: picture.edges.map((edge) => ({ ...edge, callSites: edge.callSites.map(visibleText) })),
  };
}
