import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchWindow } from '../support/launch-window.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { faultsOf, settled, visibleWindow } from './drive-window.ts';

/** An hour in which something happened three times, for some milliseconds each. */
function hourWithThreeBursts(): string {
  const lines: string[] = [];
  for (const start of [100, 1_900, 3_700])
    for (let i = 0; i < 200; i++) {
      const event = i % 2 === 0 ? 'get' : 'put';
      const time = (start + i * 0.0001).toFixed(6).padStart(12);
      lines.push(
        `        modprobe-160     [000] ...1. ${time}: module_${event}: loop call_site=misc_open refcnt=${i % 2 === 0 ? 2 : 1}`,
      );
    }
  return `${lines.join('\n')}\n`;
}

test('an hour with three bursts: each is seen in the overview, and a double click shows it from end to end', async () => {
  const path = join(await temporaryFolder(), 'hour.txt');
  await writeFile(path, hourWithThreeBursts());
  const window = await launchWindow({ host: 'loopback', width: 1280, height: 720, files: [path] });
  const { page } = window;
  await page.locator('.brush').waitFor();
  await settled(page);
  const bounds = await visibleWindow(page);
  const box = (await page.locator('.brush').boundingBox())!;
  const second = 1e9;
  for (const start of [0, 1_800, 3_600]) {
    const part = (start * second - bounds.from) / (bounds.to - bounds.from);
    // Some pixels beside it, as one points at a thin thing.
    const x = box.x + Math.min(Math.max(part * box.width + 3, 2), box.width - 2);
    await page.mouse.dblclick(x, box.y + 30);
    await settled(page);
    const seen = await visibleWindow(page);
    expect(seen.from / second).toBeGreaterThan(start - 0.01);
    expect(seen.from / second).toBeLessThanOrEqual(start + 0.000001);
    expect(seen.to / second).toBeGreaterThanOrEqual(start + 0.0198);
    expect(seen.to / second).toBeLessThan(start + 0.03);
    // The window is shown although it is a millionth of the whole.
    expect((await page.locator('.brush-window').boundingBox())!.width).toBeGreaterThanOrEqual(2);
  }
  expect(await faultsOf(page)).toEqual([]);
  await window.close();
});
