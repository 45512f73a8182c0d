import type { RecordingView } from '../../shared/view-model/recording-view.ts';

/** The view of a recording as the window sees it: the same questions, answered later, for the columns live in a worker. */
export type RecordingEngine = {
  readonly [Name in keyof RecordingView]: (
    ...input: Parameters<RecordingView[Name]>
  ) => Promise<ReturnType<RecordingView[Name]>>;
};
