import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { Preflight } from '../../shared/ipc/capture-contract.ts';
import { useStore } from '../state/store.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { lookAhead } from './run-capture.ts';

/** In a few words whether a recording can begin; the list is behind it. */
export function PreflightState() {
  const preflight = useStore((state) => state.preflight);
  if (preflight === undefined) return null;
  const { tone, words } = sumUp(preflight);
  const open = () => {
    useStore.getState().openPreflight(true);
    void lookAhead();
  };
  return (
    <button
      type="button"
      className={`link-button preflight-state preflight-${tone}`}
      title="What a recording needs, and what stands in its way"
      onClick={open}
    >
      {tone === 'good' ? <CircleCheck size={13} aria-hidden /> : <TriangleAlert size={13} aria-hidden />}
      {words}
    </button>
  );
}

/** `Ready, asks no password`, `2 things are in the way` */
export function sumUp({ way, asks, checks }: Preflight): { tone: 'good' | 'warn' | 'bad'; words: string } {
  const blocks = checks.filter((check) => check.blocks).length;
  if (blocks > 0) return { tone: 'bad', words: `${writeCounted(blocks, 'thing')} in the way of recording` };
  if (way === null) return { tone: 'bad', words: 'Cannot record as this user' };
  const doubts = checks.some(({ ok }) => !ok);
  return { tone: doubts ? 'warn' : 'good', words: PASSWORDS[asks] };
}

const PASSWORDS: Readonly<Record<Preflight['asks'], string>> = {
  nobody: 'Ready, no password needed',
  desktop: 'Ready, your desktop asks for the password',
  terminal: 'Ready, the terminal asks for the password',
  unknown: 'Nobody may be there to ask for the password',
};
