import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { launchWindow, waitForIdle, writeScript } from '../support/launch-window.ts';
import { vkmsRecording } from '../support/project-paths.ts';
import type { Step } from '../support/script-capture.ts';
import { faultsOf } from './drive-window.ts';

/** A machine on which somebody else traces, and whose kernel has no module_request. */
const facts: readonly Step[] = [
  ['kernel', 0, '6.1.0-lab'],
  ['place', 0, '/sys/kernel/tracing'],
  ['tracing_on', 0, '1\n'],
  ['current_tracer', 0, 'function\n'],
  ['available_tracers', 0, 'hwlat blk function nop\n'],
  ['trace_clock', 0, '[local] global counter mono\n'],
  ['buffer_size_kb', 0, '7 (expanded: 1408)\n'],
  ['trace_options', 0, 'print-parent\nnosym-offset\n'],
  ['set_event', 0, 'sched:sched_switch\n'],
  ['events/module/module_get/enable', 0, '0\n'],
  ['events/module/module_get/filter', 0, 'none\n'],
  ['events/module/module_get/trigger', 0, '# Available triggers:\n'],
  ['events/module/module_get/format', 0, 'name: module_get\nID: 337\nformat:\n\tfield:unsigned long ip;\n'],
  ['events/module/module_request/format', 2, ''],
  ['instances/trace-cmd/tracing_on', 0, '0\n'],
  ['instances/trace-cmd/current_tracer', 0, 'nop\n'],
  ['instances/trace-cmd/set_event', 0, 'kvm:kvm_exit\nkvm:kvm_entry\n'],
  ['instances/modshark-4711/tracing_on', 0, '1\n'],
  ['instances/modshark-4711/set_event', 0, 'module:module_get\n'],
  ['instances/evil\u0007name/tracing_on', 13, ''],
].map((fact) => ({ fact }));

const hello: Step = { hello: {} };
const line = '          insmod-154     [001] .....     9.228660: module_load: testmod OE\n';
const recorded: readonly Step[] = [hello, { trace: line }, { counts: [[0, 3, 20, 0, 0, 1]] }];
const stopped: readonly Step[] = [{ until: 'stop' }, { bye: ['stop', 'removed'] }];

async function openPane(steps: readonly Step[]) {
  const window = await launchWindow({ host: 'loopback', script: { steps }, files: [vkmsRecording] });
  onTestFinished(() => window.close());
  await window.page.getByRole('tab', { name: 'Tracefs' }).click();
  await waitForIdle(window.page);
  return { window, pane: window.page.getByRole('tabpanel', { name: 'Tracefs' }) };
}

test('how the kernel traces, and who else does, can be read at a glance', async () => {
  const { window, pane } = await openPane(facts);
  const text = await pane.innerText();
  expect(text).toContain('The top buffer records the tracer function and the event sched:sched_switch.');
  expect(text).toContain(
    'The instance trace-cmd is set up for the events kvm:kvm_exit, kvm:kvm_entry, but is switched off.',
  );
  expect(text).not.toContain('The instance modshark-4711');
  expect(text).toContain('hwlat blk function nop');
  expect(text).toContain('evil\\x07name');
  expect(await pane.getByRole('row', { name: /^top/ }).innerText()).toMatch(
    /1\s+function\s+local\s+7 \(expanded: 1408\)/,
  );
  await pane.locator('summary', { hasText: 'module_get' }).click();
  expect(await pane.innerText()).toContain('field:unsigned long ip;');
  expect(text).not.toContain('module_request');
  expect(await faultsOf(window.page)).toEqual([]);
});

test('it is looked at again when asked to; a failed look keeps what was seen, and says why', async () => {
  const { window, pane } = await openPane(facts);
  const script = [{ refuse: ['tracefs-forbidden', 'Operation not permitted'] }, { bye: ['failed', 'none'] }];
  await writeScript(window.userFolder, { steps: script });
  await window.page.getByRole('button', { name: 'Look at tracefs again' }).click();
  await pane.getByRole('alert').getByText('The kernel is locked down').waitFor();
  expect(await pane.innerText()).toContain('hwlat blk function nop');
});

test('without rights, what can be known is shown, and why no more', async () => {
  const refused: readonly Step[] = [
    { stderr: 'Error executing command as another user: Request dismissed\n' },
    { exit: 126 },
  ];
  const window = await launchWindow({
    host: 'loopback',
    script: { steps: refused, way: 'pkexec' },
    files: [vkmsRecording],
  });
  onTestFinished(() => window.close());
  await window.page.getByRole('tab', { name: 'Tracefs' }).click();
  const pane = window.page.getByRole('tabpanel', { name: 'Tracefs' });
  await pane.getByText('Only root can look into tracefs').waitFor();
  await pane.getByText('The question for a password was dismissed.').waitFor();
  expect(await pane.innerText()).toContain('mounted at /sys/kernel/tracing');
  expect(await faultsOf(window.page)).toEqual([]);
});

test('while we record, our own buffer is counted, and can be cleared; nothing else can', async () => {
  const { window, pane } = await openPane([...facts, ...recorded, { until: 'clear' }, ...stopped]);
  const { page } = window;
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const own = pane.getByRole('region', { name: 'Our buffer' });
  await own.getByRole('row', { name: '0 3 20 0 1' }).waitFor();
  expect(await own.innerText()).toContain('/sys/kernel/tracing/instances/modshark-4711');
  await own.getByRole('button', { name: 'Clear our buffer' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Recorded, not saved yet').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save…', exact: true }).click(),
  ]);
  expect(await readFile(await download.path(), 'latin1')).toContain('# the buffer was cleared here\n');
});
