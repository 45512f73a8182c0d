import { inWindow } from './in-window.ts';

/** How long a browser takes from being asked for the whole holder graph until it is painted. Units: milliseconds. */
export function timeGraph(recording: string): Promise<number> {
  return inWindow(recording, [], async (page) => {
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
    // One hop first, so that everything is neither laid out nor shown yet.
    const show = page.locator('.graph-choice select');
    await show.selectOption('1');
    await page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
    return page.evaluate(showEverything);
  });
}

/** Runs in the page. */
async function showEverything(): Promise<number> {
  const choice = document.querySelector<HTMLSelectElement>('.graph-choice select')!;
  const before = document.querySelectorAll('.graph-node').length;
  const start = performance.now();
  choice.value = 'all';
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  return new Promise((resolve) => {
    const look = () => {
      const isShown = document.querySelectorAll('.graph-node').length > before;
      if (!isShown) {
        requestAnimationFrame(look);
        return;
      }
      // The frame that shows it is handed to the compositor before this message comes.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - start);
      channel.port2.postMessage(undefined);
    };
    requestAnimationFrame(look);
  });
}
