import { _electron, type Page } from 'playwright-core';
import { findElectron } from '../../electron/cli/find-electron.ts';
import type { Launched, LaunchOptions } from './launch-window.ts';
import { appRoot, scriptedMain } from './project-paths.ts';

/** Starts the real Electron on the built program, where its binary is there. */
export async function launchElectron(
  options: LaunchOptions,
  env: NodeJS.ProcessEnv,
  watch: (page: Page) => void,
): Promise<Launched> {
  const executablePath = findElectron(appRoot);
  if (executablePath === undefined) throw new Error('Electron’s binary is not here');
  const program = await _electron.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      options.script === undefined ? appRoot : scriptedMain,
      '--',
      ...(options.files ?? []),
    ],
    env: env as Record<string, string>,
    colorScheme: options.colorScheme ?? 'light',
  });
  program.on('window', watch);
  const page = await program.firstWindow();
  await page.setViewportSize({ width: options.width ?? 1280, height: options.height ?? 840 });
  return {
    page,
    desktop: {
      answerDialog: (path) =>
        program.evaluate(({ dialog }, chosen) => {
          dialog.showOpenDialog = async () => ({
            canceled: chosen === undefined,
            filePaths: chosen === undefined ? [] : [chosen],
          });
          dialog.showSaveDialog = async () => ({ canceled: chosen === undefined, filePath: chosen ?? '' });
        }, path),
      clickMenu: (id) =>
        program.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id),
      startAgain: (files) =>
        program.evaluate(({ app }, given) => void app.emit('second-instance', {}, [], '', { files: given }), files),
    },
    close: () => program.close(),
  };
}
