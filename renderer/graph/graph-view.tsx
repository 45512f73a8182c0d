import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import { extentOf, labelEdges } from '../../shared/graph/draw-graph.ts';
import type { GraphPicture, NodePlace } from '../../shared/graph/holder-graph.ts';
import { type WalkDirection, walkGraph } from '../../shared/graph/walk-graph.ts';
import { useElementSize } from '../timeline/use-element-size.ts';
import {
  type Camera,
  fitCamera,
  followLayout,
  openingCamera,
  revealPlace,
  type ScreenSize,
  zoomCamera,
} from './camera.ts';
import { EdgeView } from './graph-edge.tsx';
import { NodeView } from './graph-node.tsx';
import { useCameraGestures } from './use-camera-gestures.ts';

/** The picture that was put on the screen last. */
interface Opened {
  readonly layout: number;
  readonly question: string;
  readonly placeOf: ReadonlyMap<string, NodePlace>;
  readonly size: ScreenSize;
}

/** What the buttons beside the graph do to it. */
export interface GraphControls {
  fit(): void;
  zoom(factor: number): void;
}

interface GraphViewProps {
  /** With names that can be shown. */
  readonly picture: GraphPicture;
  /** What the picture answers: with another one it is seen from its start, with the same the reader stays where he is. */
  readonly question: string;
  readonly clock: Clock | undefined;
  /** Ids of nodes and edges. */
  readonly selected: ReadonlySet<string>;
  readonly centre: string | undefined;
  /** The node that is brought into view when another one is selected. */
  readonly followed: string | undefined;
  readonly label: string;
  readonly controls: Ref<GraphControls>;
  readonly onPressNode: (id: string) => void;
  readonly onPressEdge: (id: string) => void;
  /** F: the neighbourhood of a node alone. */
  readonly onFocusAround: (id: string) => void;
  /** E: the tasks of a group one by one, or together again. */
  readonly onExpand: (id: string) => void;
  readonly onLeave: () => void;
}

const WALK: Readonly<Record<string, WalkDirection>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** The graph as a picture that is panned, zoomed, clicked, and walked with the arrow keys. */
export function GraphView(props: GraphViewProps) {
  const {
    picture,
    question,
    clock,
    selected,
    centre,
    followed,
    label,
    controls,
    onPressNode,
    onPressEdge,
    onFocusAround,
    onExpand,
    onLeave,
  } = props;
  const [area, size] = useElementSize<HTMLDivElement>();
  const [camera, setCamera] = useState<Camera | undefined>(undefined);
  const [active, setActive] = useState<string | undefined>(undefined);
  const [hovered, setHovered] = useState<string | undefined>(undefined);
  const elements = useRef(new Map<string, SVGGElement>());
  // Until a person has moved it, the picture is put anew when the region gets another size.
  const moved = useRef(false);
  const move = useCallback((change: (camera: Camera) => Camera) => {
    moved.current = true;
    setCamera((old) => old && change(old));
  }, []);
  useCameraGestures(area, move);

  const placeOf = useMemo(() => new Map(picture.nodes.map(({ id }, i) => [id, picture.places[i]!])), [picture]);
  const nodeOf = useMemo(() => new Map(picture.nodes.map((node) => [node.id, node])), [picture]);
  const lately = useRef({ placeOf, size, foremost: [active, followed, centre] });
  lately.current = { placeOf, size, foremost: [active, followed, centre] };
  const isReady = size.width > 0 && size.height > 0 && picture.nodes.length > 0;

  // What has come or gone in the same picture moves nothing that the reader looks at: he fits it anew when he wants to.
  const opened = useRef<Opened | undefined>(undefined);
  // Nor does anything glide: the picture and what is in it would move against each other.
  const isSame = opened.current?.question === question;
  useLayoutEffect(() => {
    if (!isReady) return;
    const before = opened.current;
    opened.current = { layout: picture.layout, question, placeOf, size };
    if (before?.layout === picture.layout || before?.question === question) {
      if (before.layout !== picture.layout)
        setCamera((old) => old && followLayout(old, before.placeOf, placeOf, lately.current.foremost, size));
      if (moved.current || before.size === size) return;
    } else moved.current = false;
    const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
    setCamera(openingCamera(whole, extentOf(picture), centre === undefined ? undefined : placeOf.get(centre), size));
  }, [isReady, picture, question, placeOf, centre, size]);

  useLayoutEffect(() => {
    const place = followed === undefined ? undefined : lately.current.placeOf.get(followed);
    if (place !== undefined) move((old) => revealPlace(old, place, lately.current.size));
  }, [followed, move]);

  useImperativeHandle(
    controls,
    () => ({
      fit: () => setCamera(fitCamera(extentOf(picture), size)),
      zoom: (factor) => move((old) => zoomCamera(old, size.width / 2, size.height / 2, factor)),
    }),
    [picture, size, move],
  );

  const onFocus = useCallback(
    (id: string) => {
      setActive(id);
      const place = placeOf.get(id);
      if (place !== undefined) move((old) => revealPlace(old, place, size));
    },
    [placeOf, size, move],
  );
  const keep = useCallback((id: string, element: SVGGElement | null) => {
    if (element === null) elements.current.delete(id);
    else elements.current.set(id, element);
  }, []);

  const entry = [active, centre, picture.nodes[0]?.id].find((id) => id !== undefined && nodeOf.has(id));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || entry === undefined) return;
    const walk = WALK[event.key];
    if (walk !== undefined) elements.current.get(walkGraph(picture, entry, walk))?.focus({ preventScroll: true });
    else if (event.key === 'f') onFocusAround(entry);
    else if (event.key === 'e') onExpand(entry);
    else if (event.key === 'Escape') onLeave();
    else if (event.key === '+' || event.key === '=')
      move((old) => zoomCamera(old, size.width / 2, size.height / 2, 1.25));
    else if (event.key === '-') move((old) => zoomCamera(old, size.width / 2, size.height / 2, 0.8));
    else if (event.key === '0') setCamera(fitCamera(extentOf(picture), size));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const lit =
    hovered ?? (active !== undefined && elements.current.get(active) === document.activeElement ? active : undefined);
  const labelling = useMemo(() => labelEdges(picture, lit), [picture, lit]);
  return (
    <div className="graph-area" ref={area}>
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset; the group gives its nodes a name */}
      <svg
        className={isSame ? 'graph-svg graph-still' : 'graph-svg'}
        role="group"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {camera === undefined ? null : (
          <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}>
            <g key={picture.layout} className="graph-edges">
              {picture.edges.map((edge, i) => (
                <EdgeView
                  key={edge.id}
                  edge={edge}
                  route={picture.routes[i]!}
                  from={nodeOf.get(edge.from)!}
                  to={nodeOf.get(edge.to)!}
                  clock={clock}
                  selected={selected.has(edge.id)}
                  labelling={labelling[i]!}
                  dimmed={lit !== undefined && edge.from !== lit && edge.to !== lit}
                  onPress={onPressEdge}
                />
              ))}
            </g>
            {picture.nodes.map((node, i) => (
              <NodeView
                key={node.id}
                node={node}
                place={picture.places[i]!}
                selected={selected.has(node.id)}
                entry={node.id === entry}
                onPress={onPressNode}
                onFocus={onFocus}
                onHover={setHovered}
                keep={keep}
              />
            ))}
          </g>
        )}
      </svg>
    </div>
  );
}
