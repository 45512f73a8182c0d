import { CircleHelp, ShieldCheck } from 'lucide-react';
import type { PresentAnswer } from '../../shared/view-model/present-view.ts';
import { lookAsRoot } from '../present/look-around.ts';
import { useStore } from '../state/store.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';

/** The references that nothing explains, and how to catch them; what could not be seen stands among the cautions. */
export function UnexplainedRest({ found }: { readonly found: PresentAnswer }) {
  const looking = useStore((state) => state.looking);
  const { accounting, asRoot } = found;
  const { module, unexplained } = accounting;
  return (
    <section className="rest-card" aria-labelledby="rest-title">
      <h4 id="rest-title">
        <CircleHelp size={15} aria-hidden />
        {writeCounted(unexplained, 'reference')} that nothing explains
      </h4>
      {asRoot ? null : (
        <div className="rest-part">
          <p>You may not see what other users’ programs have open.</p>
          <button
            type="button"
            className="button button-small"
            disabled={looking === 'root'}
            onClick={() => void lookAsRoot()}
          >
            <ShieldCheck size={14} aria-hidden />
            Look as administrator
          </button>
        </div>
      )}
      <p className="rest-part">
        <strong>Record from a fresh load.</strong> Only a recording that runs while {visibleText(module)} is loaded sees
        who takes each reference, and where: unload it, or reboot, start a recording, load it, and let happen what makes
        it stuck.
      </p>
    </section>
  );
}
