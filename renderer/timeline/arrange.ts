import { useStore } from '../state/store.ts';
import { arrangeTracks } from './arrange-tracks.ts';

/** The tracks as they stand now. */
function listTracks() {
  const { recording, tracks } = useStore.getState();
  return recording === undefined ? undefined : arrangeTracks(recording.summary, tracks);
}

/** Puts a track on top, or back among the others. */
export function pinTrack(module: string): void {
  const { tracks, arrangeTracks: change } = useStore.getState();
  const { pinned } = tracks;
  change({ pinned: pinned.includes(module) ? pinned.filter((other) => other !== module) : [...pinned, module] });
}

/** Takes a track away until it is shown again; the next one is then selected. */
export function hideTrack(module: string): void {
  const { tracks, module: selected, selectModule, arrangeTracks: change } = useStore.getState();
  const shown = listTracks()?.tracks.map((track) => track.module.module) ?? [];
  const at = shown.indexOf(module);
  if (at < 0) return;
  change({ hidden: [...tracks.hidden, module] });
  const next = shown[at + 1] ?? shown[at - 1];
  if (module === selected && next !== undefined) selectModule(next);
}

/** Shows a hidden track again. */
export function showTrack(module: string): void {
  const { tracks, arrangeTracks: change } = useStore.getState();
  change({ hidden: tracks.hidden.filter((other) => other !== module) });
}

/** Moves a track by places among those shown. Pinned ones keep to themselves. */
export function moveTrack(module: string, by: number): void {
  const shown = listTracks()?.tracks ?? [];
  const track = shown.find((one) => one.module.module === module);
  if (track === undefined) return;
  const peers = shown.filter(({ pinned }) => pinned === track.pinned).map((one) => one.module.module);
  const at = peers.indexOf(module);
  const to = Math.min(Math.max(at + by, 0), peers.length - 1);
  if (to !== at) placeTrack(module, peers[to]!, to > at);
}

/** Puts a track before or behind another. An order made by hand is no grouping any more. */
export function placeTrack(module: string, other: string, behind: boolean): void {
  const { recording, tracks, arrangeTracks: change } = useStore.getState();
  if (recording === undefined || module === other) return;
  const everything = { ...tracks, hidden: [], onlyHeld: false };
  const all = arrangeTracks(recording.summary, everything).tracks.map((track) => track.module.module);
  const order = all.filter((name) => name !== module);
  order.splice(order.indexOf(other) + (behind ? 1 : 0), 0, module);
  const inOrder = (names: readonly string[]) => order.filter((name) => names.includes(name));
  change({ order, pinned: inOrder(tracks.pinned), grouped: false });
}
