import { type OpenRecording, useStore } from './store.ts';

/** The open recording, for components that are only there while one is. */
export function useRecording(): OpenRecording {
  const recording = useStore((state) => state.recording);
  if (recording === undefined) throw new Error('this part of the window needs an open recording');
  return recording;
}
