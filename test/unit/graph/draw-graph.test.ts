import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { printSvg } from '../../../shared/export/print-svg.ts';
import { createHolderGraphs } from '../../../shared/graph/create-holder-graphs.ts';
import { drawGraph } from '../../../shared/graph/draw-graph.ts';
import type { GraphPicture } from '../../../shared/graph/holder-graph.ts';
import type { DisplayItem, DisplayList } from '../../../shared/view-model/display-list.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const measureText = (text: string, size: number) => text.length * size * 0.55;

function pictureOf(path: string, ended = false): GraphPicture {
  const { table } = recordingOf(readFixture(`recordings/${path}`));
  const graphs = createHolderGraphs(analyse(table));
  const time = table.time[table.length - 1]!;
  return graphs.at({ time, ended, centre: undefined, hops: 'all', expanded: [] });
}

const draw = (picture: GraphPicture, selected: readonly string[] = []) =>
  drawGraph(picture, { selected: new Set(selected), measureText });
const textsOf = ({ items }: DisplayList) => items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
const pointsOf = (item: DisplayItem): number[] => {
  if ('points' in item) return [...item.points];
  if (item.kind === 'columns') return [item.x, ...item.tops, ...item.bottoms];
  return item.kind === 'text' ? [item.x, item.y] : [item.x, item.y, item.x + item.width, item.y + item.height];
};

describe('the vkms graph as a display list', () => {
  const picture = pictureOf('seeds/vkms-held-by-logind.report.txt');

  test('names every node and what it is, and how what is no mere link was taken', () => {
    expect(textsOf(draw(picture)).sort()).toEqual(
      [
        '2 · ref_module +1',
        'cdev_get',
        'drm_stub_open',
        ...[
          'drm',
          '4 references',
          'drm_kms_helper',
          '1 reference',
          'vkms',
          '1 reference',
          'fb_sys_fops',
          '1 reference',
        ],
        ...['syscopyarea', '1 reference', 'sysfillrect', '1 reference', 'sysimgblt', '1 reference'],
        ...['systemd-logind-545', 'task'],
      ].sort(),
    );
  });

  test('lies inside its own borders', () => {
    const list = draw(
      picture,
      picture.nodes.map(({ id }) => id),
    );
    for (const item of list.items) {
      for (const [i, value] of pointsOf(item).entries()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(i % 2 === 0 ? list.width : list.height);
      }
    }
  });

  test('a selected node and a selected arrow are seen to be', () => {
    const plain = draw(picture).items.filter(({ colour }) => colour === 'selection');
    expect(plain).toEqual([]);
    const chosen = draw(picture, [picture.nodes[0]!.id, picture.edges[0]!.id]).items;
    const kinds = chosen.filter(({ colour }) => colour === 'selection').map(({ kind }) => kind);
    expect(kinds).toEqual(['polyline', 'polygon', 'rect']);
  });

  test('becomes an SVG file that names them too', () => {
    const list = draw(picture);
    const { width, height } = list;
    const svg = printSvg(
      { width, height, title: 'Holder graph', description: 'Who holds vkms', parts: [{ x: 0, y: 0, list }] },
      { theme: 'light' },
    );
    for (const text of ['systemd-logind-545', 'drm_stub_open', '4 references']) expect(svg).toContain(`>${text}<`);
    expect(svg).not.toContain('NaN');
  });
});

test('what has ended is muted, what nobody is known to hold is dashed', () => {
  const list = draw(pictureOf('block/live/trace_pipe.txt', true));
  expect(list.items.some((item) => item.kind === 'polyline' && item.colour === 'rule')).toBe(true);
  const storm = draw(pictureOf('storm/live/trace_pipe.txt.gz'));
  expect(storm.items.some((item) => item.kind === 'polyline' && item.dashed === true)).toBe(true);
  expect(textsOf(storm)).toContain('before the recording');
});
