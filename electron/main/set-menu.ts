import { Menu, type MenuItemConstructorOptions } from 'electron';

/** What the menu does by itself. */
export interface MenuActions {
  readonly newWindow: () => Promise<void>;
  readonly openFile: () => Promise<void>;
}

/** The menu, and with it the keys that belong to the desktop; the page has its own for everything else. */
export function setMenu({ newWindow, openFile }: MenuActions): void {
  const template: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        { id: 'new-window', label: '&New window', accelerator: 'CmdOrCtrl+N', click: () => void newWindow() },
        { id: 'open', label: '&Open…', accelerator: 'CmdOrCtrl+O', click: () => void openFile() },
        { type: 'separator' },
        { role: 'close' },
        { role: 'quit' },
      ],
    },
    { label: '&Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
