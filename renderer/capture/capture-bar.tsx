import { useStore } from '../state/store.ts';
import { CaptureMessages } from './capture-messages.tsx';
import { EndedBar } from './ended-bar.tsx';
import { IdleBar } from './idle-bar.tsx';
import { PreflightDialog } from './preflight-dialog.tsx';
import { RunningBar } from './running-bar.tsx';

/** Recording the live system: what to record, how it goes, and what becomes of it. Not there without a host. */
export function CaptureBar() {
  const hasHost = useStore((state) => state.host !== undefined);
  const capture = useStore((state) => state.capture);
  const preflightOpen = useStore((state) => state.preflightOpen);
  if (!hasHost) return null;
  return (
    <section className="bar capture" aria-label="Live recording">
      {capture === undefined ? (
        <IdleBar />
      ) : capture.ended === undefined ? (
        <RunningBar capture={capture} />
      ) : (
        <EndedBar capture={capture} />
      )}
      <CaptureMessages />
      {preflightOpen ? <PreflightDialog /> : null}
    </section>
  );
}
