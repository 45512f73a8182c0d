import type { ExportTheme } from '../../shared/export/export-themes.ts';
import type { GraphQuery } from '../../shared/graph/holder-graph.ts';
import type { CssPixels, RecordingTime } from '../../shared/units.ts';
import type { TimelineMarkers, TimelineNote } from '../../shared/view-model/draw-marks.ts';
import type { RecordedCommand } from '../../shared/view-model/recorded-command.ts';
import type { EventFilter } from '../../shared/view-model/recording-view.ts';
import type { Selection } from '../../shared/view-model/selection.ts';

/** A file to be made of the open recording. Pictures are SVG; the window makes PNG of them. */
export type ExportJob =
  | {
      readonly kind: 'timeline';
      readonly modules: readonly string[];
      readonly leftOut: number;
      readonly filter: string;
      readonly from: RecordingTime;
      readonly to: RecordingTime;
      /** Of the tracks, without their names. */
      readonly width: CssPixels;
      readonly cursor: RecordingTime;
      readonly markers: TimelineMarkers;
      readonly notes: readonly TimelineNote[];
      readonly commands: readonly RecordedCommand[];
      readonly look: PictureLook;
    }
  | { readonly kind: 'graph'; readonly query: GraphQuery; readonly filter: EventFilter; readonly look: PictureLook }
  | { readonly kind: 'events' | 'holds'; readonly form: 'csv' | 'json'; readonly selection: Selection }
  | { readonly kind: 'perfetto'; readonly selection: Selection }
  | {
      readonly kind: 'report';
      readonly modules: readonly string[];
      readonly at: RecordingTime;
      readonly notes: readonly TimelineNote[];
      readonly commands: readonly RecordedCommand[];
      readonly sha256: string | undefined;
    };

export interface PictureLook {
  readonly theme: ExportTheme;
  /** Pixels per CssPixel. */
  readonly scale: number;
}
