import type { ProcessFacts } from '../../shared/view-model/recording-view.ts';
import { visibleTask, visibleText } from '../widgets/visible-text.ts';

/** Who a holder was, as it was looked up while it was recorded: rows of its card. */
export function ProcessRows({ process }: { readonly process: ProcessFacts }) {
  const { executable, parents, unit, container } = process;
  return (
    <>
      {executable === '' ? null : (
        <>
          <dt>Program</dt>
          <dd className="holder-path">
            <code>{visibleText(executable)}</code>
          </dd>
        </>
      )}
      {unit === undefined ? null : (
        <>
          <dt>Unit</dt>
          <dd className="holder-path">
            <code>{visibleText(unit)}</code>
          </dd>
        </>
      )}
      {container === undefined ? null : (
        <>
          <dt>Container</dt>
          <dd className="holder-path">
            <code>{visibleText(container)}</code>
          </dd>
        </>
      )}
      {parents.length === 0 ? null : (
        <>
          <dt>Started by</dt>
          <dd title="While it was recorded; the nearest first">
            {parents.map(({ comm, pid }) => visibleTask(comm, pid)).join(' ← ')}
          </dd>
        </>
      )}
    </>
  );
}
