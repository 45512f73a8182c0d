import { useMemo, useRef } from 'react';
import { LANE_LIMIT } from '../../shared/view-model/assign-lanes.ts';
import { layoutTracks, RULER_HEIGHT } from '../../shared/view-model/layout-tracks.ts';
import type { TrackPicture } from '../../shared/view-model/recording-view.ts';
import { useFilter } from '../filter/use-filter.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleText } from '../widgets/visible-text.ts';
import type { ArrangedTrack } from './arrange-tracks.ts';
import { FEW_LANES, standInPicture } from './stand-in-picture.ts';

export interface StackView {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

/** Tracks above and below what is in view whose pictures are asked for too. */
const AHEAD = 80;

/**
 * One picture for each of the tracks, from top to bottom. Those in view are asked for anew whenever the window changes; until
 * the answer comes, and for the others, the last one known stands there, to be stretched.
 */
export function useTrackPictures(
  tracks: readonly ArrangedTrack[],
  view: StackView,
  expanded: ReadonlySet<string>,
): readonly TrackPicture[] {
  const { id, engine } = useRecording();
  const filter = useFilter();
  const window = useStore((state) => state.window);
  const known = useRef<{ readonly id: number; readonly pictures: Map<string, TrackPicture> }>({
    id: -1,
    pictures: new Map(),
  });
  if (known.current.id !== id) known.current = { id, pictures: new Map() };
  const { pictures } = known.current;
  const stack = () => tracks.map(({ module }) => pictures.get(module.module) ?? standInPicture(module));

  const inView = layoutTracks(stack()).filter(
    ({ y, height }, i) =>
      (tracks[i]?.pinned === true && y < view.height) ||
      (y + height > view.scrollTop - AHEAD && y < view.scrollTop + view.height - RULER_HEIGHT + AHEAD),
  );
  const few = inView.filter(({ module }) => !expanded.has(module)).map(({ module }) => module);
  const many = inView.filter(({ module }) => expanded.has(module)).map(({ module }) => module);

  const ask = async () => {
    const query = { from: window.from, to: window.to, width: view.width, filter };
    const answers = await Promise.all([
      few.length === 0 ? [] : engine.tracks({ ...query, modules: few, maxLanes: FEW_LANES }),
      many.length === 0 ? [] : engine.tracks({ ...query, modules: many, maxLanes: LANE_LIMIT }),
    ]);
    return { id, pictures: answers.flat() };
  };
  const key = JSON.stringify([id, filter.text, window.from, window.to, view.width, few, many]);
  const answer = useLatestAnswer(view.width > 0 ? key : undefined, ask);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `stack` reads what the answer has just filled in
  return useMemo(() => {
    if (answer?.id === id)
      for (const picture of answer.pictures) pictures.set(picture.module, withVisibleNames(picture));
    return stack();
  }, [answer, id, tracks]);
}

/** What a stranger chose is made visible before it is measured and painted. */
function withVisibleNames(picture: TrackPicture): TrackPicture {
  const spans = picture.spans.map((span) => ({
    ...span,
    label: visibleText(span.label),
    callSite: span.callSite === '' ? '' : visibleText(span.callSite),
  }));
  return { ...picture, spans };
}
