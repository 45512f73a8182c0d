import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { writeBytes, writeCount, writeCounted, writeDuration } from '../widgets/write-numbers.ts';

/** Everything there is to know of the recording itself: every line accounted for, remarks, rejected lines. */
export function RecordingDialog({ onClose }: { readonly onClose: () => void }) {
  const recording = useRecording();
  const { id, engine, summary } = recording;
  const {
    name,
    dialect,
    lines,
    events,
    end,
    clock,
    notices,
    findings,
    modules,
    buffers,
    buffer,
    tableBytes,
    completeness,
  } = summary;
  const rejected = useLatestAnswer(lines.rejected === 0 ? undefined : `${id}`, () => engine.rejectedLines());

  const showRow = async (row: number) => {
    const found = await askEngine(recording, (asked) => asked.eventRows({ text: '', modules: [] }, row, 1));
    if (found?.[0] !== undefined) useStore.getState().selectEvent(found[0]);
    onClose();
  };
  return (
    <Dialog title={visibleText(name)} wide onClose={onClose}>
      <dl className="facts about-facts">
        <dt>Format</dt>
        <dd>{dialect}</dd>
        <dt>Contents</dt>
        <dd>
          {writeCounted(events, 'event')} of {writeCounted(modules.length, 'module')} in{' '}
          {writeDuration(clock, end) || '0 s'}; {writeBytes(tableBytes)} in memory
        </dd>
        {buffers.length < 2 ? null : (
          <>
            <dt>Buffer</dt>
            <dd>
              {buffer === '' ? 'the top one' : visibleText(buffer)} of {writeCount(buffers.length)}
            </dd>
          </>
        )}
        <dt>Lines</dt>
        <dd>
          {writeCount(lines.total)} = {writeCount(lines.events)} events + {writeCount(lines.stack)} stack +{' '}
          {writeCount(lines.other)} other events + {writeCount(lines.headers)} headers + {writeCount(lines.blank)} blank
          + {writeCount(lines.rejected)} rejected
        </dd>
        {completeness === undefined ? null : (
          <>
            <dt>Completeness</dt>
            <dd>{completeness}</dd>
          </>
        )}
      </dl>
      {notices.length === 0 ? null : (
        <>
          <h3>Remarks</h3>
          <ul className="about-list">
            {notices.map((notice) => (
              <li key={notice}>{visibleSentence(notice)}</li>
            ))}
          </ul>
        </>
      )}
      {findings.length === 0 ? null : (
        <>
          <h3>Findings</h3>
          <ul className="about-list">
            {findings.map((finding) => (
              <li key={`${finding.kind} ${finding.row} ${finding.text}`}>
                {finding.row < 0 || finding.row >= events ? (
                  visibleSentence(finding.text)
                ) : (
                  <button type="button" className="link-button about-finding" onClick={() => void showRow(finding.row)}>
                    {visibleSentence(finding.text)}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {rejected === undefined ? null : (
        <>
          <h3>
            Rejected lines
            {rejected.length < lines.rejected
              ? ` (the first ${writeCount(rejected.length)} of ${writeCount(lines.rejected)})`
              : ''}
          </h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
          <section className="about-table" tabIndex={0} aria-label="Rejected lines">
            <table>
              <thead>
                <tr>
                  <th className="number">Line</th>
                  <th>Reason</th>
                  <th>Text</th>
                </tr>
              </thead>
              <tbody>
                {rejected.map(({ line, reason, text }) => (
                  <tr key={line}>
                    <td className="number">{line}</td>
                    <td>{reason}</td>
                    <td className="mono">{visibleSentence(text)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </Dialog>
  );
}
