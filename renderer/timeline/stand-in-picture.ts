import type { ModuleSummary, TrackPicture } from '../../shared/view-model/recording-view.ts';

/** Lanes of a track until one asks for more. */
export const FEW_LANES = 6;

/** Keeps a track's place in the stack until its picture has come. */
export function standInPicture({ module, openHolds, maxReferences }: ModuleSummary): TrackPicture {
  const none = new Int32Array(0);
  return {
    module,
    from: 0,
    to: 1,
    width: 1,
    steps: { x: new Float32Array(0), min: none, max: none, last: none, row: none, entry: Number.NaN },
    maxReferences,
    spans: [],
    lanes: Math.min(Math.max(openHolds, 1), FEW_LANES),
    hiddenHolds: 0,
    lost: [],
  };
}
