import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { exportThemes } from '../../shared/export/export-themes.ts';
import type { Problem } from '../../shared/problem.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { Choice } from '../widgets/choice.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { visibleSentence, visibleText } from '../widgets/visible-text.ts';
import { writeBytes } from '../widgets/write-numbers.ts';
import { type ExportChoice, type ExportKind, exportKinds, nameExport } from './export-choice.ts';
import { RowChoices } from './row-choices.tsx';
import { runExport } from './run-export.ts';
import { saveFile } from './save-file.ts';
import { TracksChoice } from './tracks-choice.tsx';

const FORMS = { svg: 'SVG', png: 'PNG', csv: 'CSV', json: 'JSON', md: 'Markdown' } as const;
const THEMES = { light: 'Light', dark: 'Dark', print: 'For print' } as const;

/** What was chosen last, for the next time the dialog is opened. */
let last: ExportChoice = {
  kind: 'timeline',
  form: 'svg',
  part: 'view',
  tracks: 'first',
  by: { time: true, tracks: true, filter: true },
  theme: 'light',
  scale: 2,
};

type Progress =
  | { readonly kind: 'making'; readonly bytes: number; readonly stop: () => void }
  | { readonly kind: 'saved'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'copied' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Everything that can be taken out of the window: pictures, tables, a trace, a report. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { summary } = useRecording();
  const module = useStore((state) => state.module);
  const [choice, setChoice] = useState(last);
  const [progress, setProgress] = useState<Progress | undefined>(undefined);
  const stop = useRef<AbortController | undefined>(undefined);
  const kind = exportKinds[choice.kind];
  const isPicture = choice.form === 'svg' || choice.form === 'png';
  const name = nameExport(choice, summary.name);

  const choose = (change: Partial<ExportChoice>) => {
    const next = { ...choice, ...change };
    const { forms } = exportKinds[next.kind];
    last = forms.includes(next.form) ? next : { ...next, form: forms[0]! };
    setChoice(last);
    setProgress(undefined);
  };
  // What is still being made when the dialog goes is not wanted any more.
  useEffect(() => () => stop.current?.abort(), []);

  const make = async (use: (content: Blob) => Progress | Promise<Progress>) => {
    const abort = new AbortController();
    stop.current = abort;
    const tell = (bytes: number) => setProgress({ kind: 'making', bytes, stop: () => abort.abort() });
    tell(0);
    const made = await runExport(choice, tell, abort.signal);
    if (made.kind === 'stopped') setProgress(undefined);
    else setProgress(made.kind === 'failed' ? made : await use(made.content));
  };
  const save = () =>
    void make((content) => {
      saveFile(content, name);
      return { kind: 'saved', name, bytes: content.size };
    });
  const copy = () =>
    void make(async (content) => {
      await navigator.clipboard.writeText(await content.text());
      return { kind: 'copied' };
    });
  return (
    <Dialog title="Export" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <fieldset className="export-kinds">
          <legend className="visually-hidden">What to export</legend>
          {(Object.keys(exportKinds) as ExportKind[]).map((one) => (
            <label key={one} className={one === choice.kind ? 'export-kind export-kind-chosen' : 'export-kind'}>
              <input
                type="radio"
                name="kind"
                {...(one === choice.kind ? { 'data-first': true } : {})}
                checked={one === choice.kind}
                onChange={() => choose({ kind: one })}
              />
              <strong>{exportKinds[one].name}</strong>
              <span className="quiet">{exportKinds[one].about}</span>
            </label>
          ))}
        </fieldset>
        <div className="export-choices">
          {kind.parts.length === 0 ? <RowChoices choice={choice} onChoose={(by) => choose({ by })} /> : null}
          {kind.parts.length === 0 ? null : (
            <Choice
              name="Of"
              options={(['view', 'all'] as const).map((part, i) => ({
                value: part,
                text:
                  choice.kind === 'report' && part === 'view' && module !== undefined
                    ? visibleText(module)
                    : kind.parts[i]!,
              }))}
              chosen={choice.part}
              onChoose={(part) => choose({ part })}
            />
          )}
          {choice.kind === 'timeline' ? (
            <TracksChoice choice={choice} onChoose={(tracks) => choose({ tracks })} />
          ) : null}
          <Choice
            name="Format"
            options={kind.forms.map((form) => ({ value: form, text: FORMS[form] }))}
            chosen={choice.form}
            onChoose={(form) => choose({ form })}
          />
          {isPicture ? (
            <>
              <Choice
                name="Colours"
                options={exportThemes.map((theme) => ({ value: theme, text: THEMES[theme] }))}
                chosen={choice.theme}
                onChoose={(theme) => choose({ theme })}
              />
              <Choice
                name="Size"
                options={[1, 2, 3, 4].map((scale) => ({ value: scale, text: `${scale}×` }))}
                chosen={choice.scale}
                onChoose={(scale) => choose({ scale })}
              />
            </>
          ) : null}
        </div>
        <div className="dialog-actions">
          <Outcome progress={progress} />
          <span className="spring" />
          {choice.kind === 'report' ? (
            <button type="button" className="button" disabled={progress?.kind === 'making'} onClick={copy}>
              {progress?.kind === 'copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
              Copy
            </button>
          ) : null}
          <button
            type="submit"
            className="button button-primary"
            title={visibleText(name)}
            disabled={progress?.kind === 'making'}
          >
            <Download size={14} aria-hidden />
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Outcome({ progress }: { readonly progress: Progress | undefined }) {
  return (
    <div className="export-outcome" role="status">
      {progress?.kind === 'making' ? (
        <>
          <span className="digits">{writeBytes(progress.bytes)} written …</span>
          <button type="button" className="button button-small" onClick={progress.stop}>
            Cancel
          </button>
        </>
      ) : null}
      {progress?.kind === 'saved' ? (
        <span>
          {visibleText(progress.name)} <span className="quiet">{writeBytes(progress.bytes)}</span>
        </span>
      ) : null}
      {progress?.kind === 'copied' ? <span>The report is on the clipboard.</span> : null}
      {progress?.kind === 'failed' ? (
        <span className="export-failed">
          {visibleSentence(`${progress.problem.what} ${progress.problem.why} ${progress.problem.remedy}`)}
        </span>
      ) : null}
    </div>
  );
}
