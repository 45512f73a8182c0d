import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { createRecordingView } from '../../../shared/view-model/create-recording-view.ts';
import { describeTrack } from '../../../shared/view-model/describe-track.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

function tracksOf(path: string, { to = 1, maxLanes = 8 } = {}): string[] {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  const view = createRecordingView(path, recording, analyse(recording.table));
  const { end, modules, clock } = view.summary();
  const names = modules.map(({ module }) => module);
  return view
    .tracks({ modules: names, from: 0, to: to * end, width: 1000, maxLanes })
    .map((picture) => describeTrack(picture, clock));
}

describe('a track in words', () => {
  test('says how many references there were, and who held them from when to when', () => {
    const vkms = tracksOf('seeds/vkms-held-by-logind.report.txt').find((words) => words.startsWith('vkms:'));
    expect(vkms).toContain('from 0 to 1 reference, 1 at the end. Holds: modprobe-1687 (loading) from 102.161679');
    expect(vkms).toContain('; systemd-logind-545 from 102.168297, still.');
  });

  test('says so where there is nothing yet', () => {
    const early = tracksOf('seeds/vkms-held-by-logind.report.txt', { to: 0.1 });
    expect(early).toContain('vkms: not loaded, or nothing is known yet. Nobody holds it.');
  });

  test('counts what has no lane, and what was lost', () => {
    const drm = tracksOf('seeds/vkms-held-by-logind.report.txt', { maxLanes: 1 }).find((words) =>
      words.startsWith('drm:'),
    );
    expect(drm).toMatch(/, still; and \d more\.$/);
    const [storm] = tracksOf('storm/live/trace_pipe.slow-reader.txt.gz');
    expect(storm).toMatch(/Lost events in 4 places: at least 2142\.$/);
  });
});
