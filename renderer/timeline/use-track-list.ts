import { useMemo } from 'react';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { arrangeTracks, type TrackList } from './arrange-tracks.ts';

/** The tracks as a person arranged them. */
export function useTrackList(): TrackList {
  const { summary } = useRecording();
  const arrangement = useStore((state) => state.tracks);
  return useMemo(() => arrangeTracks(summary, arrangement), [summary, arrangement]);
}
