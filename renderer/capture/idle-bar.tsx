import { Circle } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { CaptureOptions } from './capture-options.tsx';
import { LeftMenu } from './left-captures.tsx';
import { ModuleChips } from './module-chips.tsx';
import { PreflightState } from './preflight-state.tsx';
import { startRecording } from './run-capture.ts';

/** Nothing is recorded: what would be, and the button. */
export function IdleBar() {
  const left = useStore((state) => state.leftCaptures.length);
  return (
    <div className="bar-line">
      <RecordButton />
      <ModuleChips />
      <CaptureOptions />
      <span className="spring" />
      {left === 0 ? null : <LeftMenu />}
      <PreflightState />
    </div>
  );
}

/** The button that starts a recording. */
export function RecordButton() {
  return (
    <button
      type="button"
      className="button record-button"
      title="Record the live system (Shift+R)"
      onClick={() => void startRecording()}
    >
      <Circle size={12} aria-hidden />
      Record
    </button>
  );
}
