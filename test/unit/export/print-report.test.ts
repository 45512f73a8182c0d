import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { printReport, type ReportOptions } from '../../../shared/export/print-report.ts';
import { fenceMarkdown, linkMarkdown, spanMarkdown } from '../../../shared/export/quote-markdown.ts';
import { readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

function reportOn(path: string, options: Partial<ReportOptions>): string {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  const analysis = analyse(recording.table);
  const { table } = analysis;
  return printReport(recording, analysis, {
    name: path.split('/').at(-1)!,
    sha256: undefined,
    modules: [],
    at: table.time[table.length - 1]!,
    picture: undefined,
    notes: [],
    commands: [],
    ...options,
  });
}

describe('the report on vkms', () => {
  const report = reportOn('seeds/vkms-held-by-logind.report.txt', {
    modules: ['vkms'],
    sha256: 'b5302f83',
    picture: 'pictures/vkms timeline.svg',
    notes: [{ time: 166_873_000, text: 'logind opens the card\nas soon as it appears' }],
  });

  test('says who holds it, how to make it let go, and by which event that is known', () => {
    expect(report).toContain(
      '# Who holds `vkms`?\n\nAs of 102.168298 s in the recording `vkms-held-by-logind.report.txt`.',
    );
    expect(report).toContain('vkms: 1 reference = 1 file of systemd-logind');
    expect(report).toMatch(/held by systemd-logind-545 via drm_stub_open since 102\.168297 \(open\)/);
    expect(report).toMatch(/let go: .*systemd-logind \(pid 545\)/);
    expect(report).toContain(
      '26: systemd-logind-545 [000] 102.168297: module_get: vkms call_site=drm_stub_open refcnt=2',
    );
  });

  test('tells of the recording, the picture and the notes', () => {
    expect(report).toContain('![Timeline of the references and their holders](<pictures/vkms%20timeline.svg>)');
    expect(report).toContain('* File: `vkms-held-by-logind.report.txt`, SHA-256 `b5302f83`');
    expect(report).toContain('* Events: 26, from 102.001424 s to 102.168298 s');
    expect(report).toContain(
      '* Lines: 27 = 26 events + 0 of stack traces + 0 of other events + 1 headers + 0 blank + 0 rejected',
    );
    expect(report).toContain(
      '## Notes\n\nAt 102.168297 s:\n\n```text\nlogind opens the card\nas soon as it appears\n```',
    );
  });
});

test('the report tells what was run in the terminal meanwhile, and lets none of it format anything', () => {
  const commands = [
    { from: 113_000_000, until: 166_874_000, line: 'sudo modprobe vkms', exitCode: 0 },
    { from: 166_000_000, until: 166_500_000, line: 'printf "\u001b[2J```"\nfalse', exitCode: 1 },
    { from: 166_700_000, until: Number.POSITIVE_INFINITY, line: '', exitCode: undefined },
  ];
  const report = reportOn('seeds/vkms-held-by-logind.report.txt', { modules: ['vkms'], commands });
  expect(report).toContain(
    [
      '## Commands\n\nRun in the terminal meanwhile:\n',
      '````text',
      '102.114424 for 53.874 ms, exit code 0: sudo modprobe vkms',
      '102.167424 for 500 µs, exit code 1: printf "\\x1b[2J```"',
      '    false',
      '102.168124: a command',
      '````',
    ].join('\n'),
  );
});

test('the report on a recording with losses warns of them', () => {
  const report = reportOn('storm/live/trace_pipe.slow-reader.txt.gz', { modules: ['binfmt_misc'] });
  expect(report).toMatch(/\* Lost events: \d+, in \d+ places/);
  expect(report).toMatch(/## Cautions\n\n```text\n[\s\S]*events were lost/);
});

test('the report where nothing is held says so', () => {
  expect(reportOn('comm-names/live/trace_pipe.txt', {})).toMatch(/^# No kernel module is held\n/);
});

test('a name that would format, mention or link stays a name', () => {
  const evil = ['```', '@everyone', '<img/src=x>', '](http://x)', '``a``', '~~~'];
  const lines = evil.map(
    (comm, i) =>
      `  ${comm}-${i + 7}  [000] ..... ${100 + i}.000000: module_get: vkms call_site=drm_stub_open refcnt=${i + 2}\n`,
  );
  const recording = recordingOf(readText(lines.join('')));
  const report = printReport(recording, analyse(recording.table), {
    name: '`evil` @everyone.txt',
    sha256: undefined,
    modules: ['vkms'],
    at: 1e12,
    picture: 'a>)](x).svg',
    notes: [],
    commands: [],
  });
  for (const comm of evil) expect(report).toContain(`${comm}-`);
  expect(outsideOfCode(report)).not.toMatch(/@|<img|http|~~~/);
  expect(outsideOfCode(report)).toContain('(<a%3E)%5D(x).svg>)');
});

test('nothing ends a block or a span of code but its own end', () => {
  const text = fc.string({ unit: fc.constantFrom('`', 'a', ' ', '~', '\n', '\u001b') });
  fc.assert(
    fc.property(text, (given) => {
      expect(outsideOfCode(`before ${spanMarkdown(given)} after`)).toBe('before  after');
      expect(outsideOfCode(`before\n\n${fenceMarkdown(given)}\n\nafter`)).toBe('before\n\n\n\nafter');
    }),
    { numRuns: 1_000 },
  );
  expect(linkMarkdown('../a b/c>.svg')).toBe('<../a%20b/c%3E.svg>');
});

/** What of a Markdown text is no code. Source: CommonMark 0.31, 4.5 and 6.1 */
function outsideOfCode(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const opening = /^ {0,3}(`{3,}|~{3,})(?!.*`)/.exec(line)?.[1];
    if (fence === undefined && opening !== undefined) {
      fence = opening;
      kept.push('');
    } else if (fence !== undefined) {
      const closing = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
      if (closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length) fence = undefined;
    } else kept.push(line);
  }
  return kept.join('\n').replace(/(?<!`)(`+)(?!`)([\s\S]*?)(?<!`)\1(?!`)/g, '');
}
