import { List, Maximize2, Waypoints, X, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import { labelNode } from '../../shared/graph/describe-graph.ts';
import { type GraphPicture, type GraphQuery, moduleNodeId } from '../../shared/graph/holder-graph.ts';
import type { IndexIntoHolds, RecordingTime } from '../../shared/units.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';
import { GraphList } from './graph-list.tsx';
import { type GraphControls, GraphView } from './graph-view.tsx';
import { makeNamesVisible } from './make-names-visible.ts';
import { NothingToDraw } from './nothing-to-draw.tsx';

export interface GraphPanelProps {
  /** Undefined for the system now, of which no times are known. */
  readonly clock: Clock | undefined;
  /** The cursor; 0 for now. */
  readonly time: RecordingTime;
  /** The same in words: `at 102.168297`, `now`. */
  readonly instant: string;
  readonly module: string | undefined;
  readonly hold: IndexIntoHolds | undefined;
  readonly ask: (query: GraphQuery) => Promise<GraphPicture>;
  /** With another one the same question has another answer. */
  readonly look?: number;
  /** The filter: the same goes for it. */
  readonly narrowedBy: string;
  readonly onClearFilter: () => void;
  readonly onSelectModule: (module: string) => void;
  readonly onSelectHold: (module: string, hold: IndexIntoHolds) => void;
}

const HOPS = [
  { hops: 'auto', text: 'Automatic' },
  { hops: 1, text: '1 hop' },
  { hops: 2, text: '2 hops' },
  { hops: 3, text: '3 hops' },
  { hops: 'all', text: 'Everything' },
] as const;

/** Who holds which module at the cursor's time, or now: as a picture, or as a list. One for each recording. */
export function GraphPanel(props: GraphPanelProps) {
  const { clock, time, instant, module, hold, ask, look, narrowedBy, onClearFilter } = props;
  const { onSelectModule, onSelectHold } = props;
  const [hops, setHops] = useState<GraphQuery['hops']>('auto');
  const [ended, setEnded] = useState(false);
  const [around, setAround] = useState<string | undefined>(undefined);
  const [expanded, setExpanded] = useState<readonly string[]>([]);
  const [asList, setAsList] = useState(false);
  const controls = useRef<GraphControls>(null);

  const [anchor, setAnchor] = useState(module);
  const [known, setKnown] = useState(module);
  const centre = around ?? (anchor === undefined ? undefined : moduleNodeId(anchor));
  const query: GraphQuery = { time, ended, centre, hops, expanded };
  // Time goes by and looks follow one another in one picture; who asks for another one sees it from its start.
  const question = JSON.stringify([narrowedBy, { ended, centre, hops, expanded }]);
  const latestAnswer = useLatestAnswer(JSON.stringify([look, narrowedBy, query]), async () => ({
    picture: await ask(query),
    question,
  }));
  const answer = latestAnswer?.picture;
  if (module !== known) {
    setKnown(module);
    // Who is selected in the picture is not moved by that; only who is not in it makes another one.
    if (module === undefined || !answer?.nodes.some(({ id }) => id === moduleNodeId(module))) setAnchor(module);
  }
  const picture = useMemo(() => answer && makeNamesVisible(answer), [answer]);

  // Escaped names are for the eye; what is selected is what the recording calls it.
  const latest = useRef({ answer, onSelectModule, onSelectHold });
  latest.current = { answer, onSelectModule, onSelectHold };
  const pressEdge = useCallback((id: string) => {
    const edge = latest.current.answer?.edges.find((one) => one.id === id);
    const target = latest.current.answer?.nodes.find((node) => node.id === edge?.to);
    if (target === undefined) return;
    if (edge?.holds[0] === undefined) latest.current.onSelectModule(target.name);
    else latest.current.onSelectHold(target.name, edge.holds[0]);
  }, []);
  const pressNode = useCallback(
    (id: string) => {
      const node = latest.current.answer?.nodes.find((one) => one.id === id);
      if (node?.sort === 'module') return latest.current.onSelectModule(node.name);
      // A holder is selected by what it took last.
      const own = latest.current.answer?.edges.filter(({ from }) => from === id) ?? [];
      const last = own.reduce((a, b) => ((b.since ?? -1) >= (a?.since ?? -1) ? b : a), own[0]);
      if (last !== undefined) pressEdge(last.id);
    },
    [pressEdge],
  );
  const focusAround = useCallback((id: string) => {
    setAround(id);
    setHops((old) => (typeof old === 'number' ? old : 1));
  }, []);
  const leave = useCallback(() => {
    setAround(undefined);
    setHops('auto');
  }, []);
  const expand = useCallback((id: string) => {
    const node = latest.current.answer?.nodes.find((one) => one.id === id);
    if (node === undefined || (node.sort !== 'tasks' && node.sort !== 'task' && node.sort !== 'unit')) return;
    const name = node.unit ?? node.name;
    setExpanded((old) => (old.includes(name) ? old.filter((one) => one !== name) : [...old, name]));
  }, []);

  const selected = useMemo(() => {
    const ids = new Set<string>();
    if (module !== undefined) ids.add(moduleNodeId(module));
    for (const edge of picture?.edges ?? []) {
      if (hold === undefined || !edge.holds.includes(hold)) continue;
      ids.add(edge.id).add(edge.from);
    }
    return ids;
  }, [picture, module, hold]);

  const centreNode = picture?.nodes.find(({ id }) => id === centre);
  const about =
    around === undefined
      ? anchor && visibleText(anchor)
      : centreNode === undefined
        ? 'what is not there now'
        : labelNode(centreNode);
  return (
    <div className="pane graph-panel">
      <div className="pane-bar">
        <label className="graph-choice">
          <span>Show</span>
          <select
            value={String(hops)}
            onChange={(event) => setHops(HOPS.find((one) => String(one.hops) === event.target.value)?.hops ?? 'auto')}
          >
            {HOPS.map((one) => (
              <option key={one.hops} value={String(one.hops)}>
                {one.text}
              </option>
            ))}
          </select>
        </label>
        {around === undefined ? null : (
          <span className="graph-chip">
            <span className="ellipsis">around {about}</span>
            <IconButton name="Back to the selected module" keys="Esc" onClick={leave}>
              <X size={13} aria-hidden />
            </IconButton>
          </span>
        )}
        {clock === undefined ? null : (
          <label className="check">
            <input type="checkbox" checked={ended} onChange={(event) => setEnded(event.target.checked)} />
            Also what has ended
          </label>
        )}
        <span className="spring" />
        <span className="quiet graph-note" role="status">
          {picture === undefined || picture.nodes.length === 0 ? '' : noteOf(picture, about)}
        </span>
        <IconButton
          name={asList ? 'Show as a picture' : 'Show as a list'}
          pressed={asList}
          onClick={() => setAsList(!asList)}
        >
          {asList ? <Waypoints size={15} aria-hidden /> : <List size={15} aria-hidden />}
        </IconButton>
        {asList || picture === undefined || picture.edges.length === 0 ? null : (
          <>
            <IconButton
              name="Zoom in on the graph"
              title="Zoom in"
              keys="+"
              onClick={() => controls.current?.zoom(1.25)}
            >
              <ZoomIn size={15} aria-hidden />
            </IconButton>
            <IconButton
              name="Zoom out of the graph"
              title="Zoom out"
              keys="−"
              onClick={() => controls.current?.zoom(0.8)}
            >
              <ZoomOut size={15} aria-hidden />
            </IconButton>
            <IconButton name="Fit the graph" title="Fit" keys="0" onClick={() => controls.current?.fit()}>
              <Maximize2 size={14} aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      {picture === undefined ? null : picture.edges.length === 0 && !(asList && picture.nodes.length > 0) ? (
        <NothingToDraw
          picture={picture}
          about={about}
          instant={instant}
          isNow={clock === undefined}
          onShowEnded={ended || clock === undefined ? undefined : () => setEnded(true)}
          onClearFilter={narrowedBy.trim() === '' ? undefined : onClearFilter}
        />
      ) : asList ? (
        <GraphList picture={picture} clock={clock} selected={selected} onPressEdge={pressEdge} />
      ) : (
        <GraphView
          picture={picture}
          question={latestAnswer?.question ?? ''}
          clock={clock}
          selected={selected}
          centre={centre}
          followed={module === undefined ? undefined : moduleNodeId(module)}
          label={`Who holds which module ${instant}`}
          controls={controls}
          onPressNode={pressNode}
          onPressEdge={pressEdge}
          onFocusAround={focusAround}
          onExpand={expand}
          onLeave={leave}
        />
      )}
    </div>
  );
}

/** `within 2 hops of drm · 129 more not shown` */
function noteOf({ hops, notShown }: GraphPicture, about: string | undefined): string {
  const parts = [];
  if (hops !== undefined)
    parts.push(`within ${hops === 1 ? '1 hop' : `${hops} hops`}${about === undefined ? '' : ` of ${about}`}`);
  if (notShown > 0) parts.push(`${writeCount(notShown)} more not shown`);
  return parts.join(' · ');
}
