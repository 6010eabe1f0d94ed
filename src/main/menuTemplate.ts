import { app, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../contract/ipc.ts';

/**
 * The application menu: each item asks the page, which has the one table of keys. Accelerators are therefore shown
 * and not registered, or a key would act twice.
 */
export function menuTemplate(command: (command: MenuCommand) => void): MenuItemConstructorOptions[] {
  const item = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    registerAccelerator: false,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      command(name);
    },
  });
  return [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        item('Open folder…', 'openFolder', 'CmdOrCtrl+O'),
        item('Open files…', 'openFiles', 'CmdOrCtrl+Shift+O'),
        item('Export key images…', 'export', 'CmdOrCtrl+E'),
        { type: 'separator' },
        item('Settings…', 'settings'),
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
    { label: '&Help', submenu: [item('Keys and help', 'help'), item('About Keyslice', 'about')] },
  ];
}
