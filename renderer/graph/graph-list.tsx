import type { Clock } from '../../shared/event-table/clock.ts';
import { captionNode, labelNode, periodOfEdge } from '../../shared/graph/describe-graph.ts';
import type { GraphPicture } from '../../shared/graph/holder-graph.ts';
import { ConfidenceBadge } from '../widgets/confidence-badge.tsx';
import { Swatch } from '../widgets/swatch.tsx';
import { writeCount } from '../widgets/write-numbers.ts';

interface GraphListProps {
  /** With names that can be shown. */
  readonly picture: GraphPicture;
  readonly clock: Clock | undefined;
  readonly selected: ReadonlySet<string>;
  readonly onPressEdge: (id: string) => void;
}

/** The same as the picture in words: per module, who holds it. */
export function GraphList({ picture, clock, selected, onPressEdge }: GraphListProps) {
  const { nodes, edges } = picture;
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const held = nodes
    .filter(({ id }) => edges.some(({ to }) => to === id))
    .sort((a, b) => labelNode(a).localeCompare(labelNode(b)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard
    <section className="graph-list" tabIndex={0} aria-label="Holders as a list">
      <table>
        <thead>
          <tr>
            <th scope="col">Holder</th>
            <th scope="col" className="graph-number">
              References
            </th>
            <th scope="col">{clock === undefined ? 'Through' : 'Call site'}</th>
            {clock === undefined ? null : <th scope="col">When</th>}
            <th scope="col">Confidence</th>
          </tr>
        </thead>
        {held.map((module) => (
          <tbody key={module.id}>
            <tr className="graph-list-module">
              <th scope="rowgroup" colSpan={clock === undefined ? 4 : 5}>
                {labelNode(module)} <span className="quiet">{captionNode(module)}</span>
              </th>
            </tr>
            {edges
              .filter(({ to }) => to === module.id)
              .map((edge) => {
                const holder = nodeOf.get(edge.from)!;
                return (
                  <tr
                    key={edge.id}
                    className={edge.references === 0 ? 'graph-ended' : undefined}
                    aria-selected={selected.has(edge.id)}
                  >
                    <td>
                      <button type="button" className="graph-list-holder" onClick={() => onPressEdge(edge.id)}>
                        <Swatch colour={holder.sort === 'module' ? -1 : holder.colour} />
                        {labelNode(holder)}
                      </button>
                    </td>
                    <td className="graph-number">{edge.references === 0 ? 'ended' : writeCount(edge.references)}</td>
                    <td className="mono">{edge.callSites.join(', ')}</td>
                    {clock === undefined ? null : <td>{periodOfEdge(edge, clock)}</td>}
                    <td>
                      <ConfidenceBadge confidence={edge.confidence} />
                    </td>
                  </tr>
                );
              })}
          </tbody>
        ))}
      </table>
    </section>
  );
}
