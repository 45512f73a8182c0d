import { Cpu, FileText, FolderOpen, History } from 'lucide-react';
import type { TraceOffer } from '../../shared/ipc/contract.ts';
import { LeftCard } from '../capture/left-captures.tsx';
import { chooseAndOpen, openAny } from '../open/open-from.ts';
import { useStore } from '../state/store.ts';
import { BrandMark } from '../top-bar/brand-mark.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeBytes } from '../widgets/write-numbers.ts';
import { RecordingRecipes } from './recording-recipes.tsx';

/** What ModShark is, and every way to a recording. */
export function StartScreen() {
  const offers = useStore((state) => state.offers);
  const samples = offers.filter(({ origin }) => origin === 'sample');
  const recent = offers.filter(({ origin }) => origin === 'recent');
  return (
    <main className="start">
      <div className="start-page">
        <header className="start-head">
          <BrandMark size={52} />
          <div>
            <h1>Who holds this kernel module?</h1>
            <p>
              ModShark looks at this system, or reads a recording of the kernel’s module events, and names the holder of
              every reference, how sure that is, and how to make it let go.
            </p>
          </div>
        </header>
        <div className="start-columns">
          <div className="start-column">
            <ThisSystem />
            <LeftCard />
            <section className="drop-zone" aria-label="Open a recording">
              <FolderOpen size={26} aria-hidden />
              <p>
                <strong>Drop a recording anywhere in this window</strong>
              </p>
              <button type="button" className="button" onClick={() => void chooseAndOpen()}>
                Open…
              </button>
            </section>
            {recent.length === 0 ? null : <OfferList title="Recent" offers={recent} />}
            {samples.length === 0 ? null : <OfferList title="Recordings to try" offers={samples} />}
          </div>
          <div className="start-column">
            <RecordingRecipes />
          </div>
        </div>
      </div>
    </main>
  );
}

/** The way that needs no recording; there is none without a host to look around. */
function ThisSystem() {
  const hasHost = useStore((state) => state.host !== undefined);
  if (!hasHost) return null;
  return (
    <section className="start-system" aria-label="This system">
      <Cpu size={26} aria-hidden />
      <p>
        <strong>What holds the modules that are loaded here, now?</strong>
        <span className="quiet">Needs no recording, and changes nothing.</span>
      </p>
      <button type="button" className="button button-primary" onClick={() => useStore.getState().showPresent()}>
        This system
      </button>
    </section>
  );
}

function OfferList({ title, offers }: { readonly title: string; readonly offers: readonly TraceOffer[] }) {
  const id = `offers-${offers[0]?.origin}`;
  return (
    <section className="start-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul className="offers">
        {offers.map((offer) => (
          <li key={offer.ticket}>
            <button type="button" className="offer" onClick={() => void openAny(offer)}>
              {offer.origin === 'recent' ? <History size={15} aria-hidden /> : <FileText size={15} aria-hidden />}
              <span className="offer-text">
                <span className="offer-name">
                  <strong className="ellipsis">{visibleText(offer.name)}</strong>
                  <span className="quiet">{writeBytes(offer.bytes)}</span>
                </span>
                <span className={offer.origin === 'recent' ? 'offer-about ellipsis' : 'offer-about'}>
                  {visibleText(offer.about)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
