/** A picture of more is read by nobody, unless that is asked for. */
export const MOST_TRACKS = 40;

/** The tracks of a picture, and how many it leaves out. */
export interface ChosenTracks {
  readonly modules: readonly string[];
  readonly leftOut: number;
}

/** The first tracks of those that are in question, or all of them. */
export function chooseTracks(modules: readonly string[], most: number): ChosenTracks {
  const chosen = modules.slice(0, most);
  return { modules: chosen, leftOut: modules.length - chosen.length };
}
