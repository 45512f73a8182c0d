import { usePassingModules } from '../filter/use-passing-modules.ts';
import { useStore } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { writeCounted } from '../widgets/write-numbers.ts';
import { type ExportChoice, tracksOfPicture } from './export-choice.ts';

interface TracksChoiceProps {
  readonly choice: ExportChoice;
  readonly onChoose: (tracks: ExportChoice['tracks']) => void;
}

/** Where the window shows more tracks than a picture is made of by itself: so many, or all of them. */
export function TracksChoice({ choice, onChoose }: TracksChoiceProps) {
  const passing = usePassingModules();
  const state = useStore();
  const first = tracksOfPicture({ tracks: 'first' }, state, passing && [...passing]);
  if (first.leftOut === 0) return null;
  const all = first.modules.length + first.leftOut;
  return (
    <>
      <Choice
        name="Tracks"
        options={[
          { value: 'first', text: `The first ${first.modules.length}` },
          { value: 'all', text: `All ${all}` },
        ]}
        chosen={choice.tracks}
        onChoose={onChoose}
      />
      {choice.tracks === 'all' ? null : (
        <p className="row-count" role="status">
          {writeCounted(first.leftOut, 'track')} of {all} will not be in the picture, which says so.
        </p>
      )}
    </>
  );
}
