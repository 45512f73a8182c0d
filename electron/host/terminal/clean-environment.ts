/** Variables of ModShark, of Electron and Chromium, of npm, and of the terminal or service that started them. */
const FOREIGN = [
  /^MODSHARK_/,
  /^ELECTRON_/,
  /^CHROME_/,
  /^npm_/,
  /^(?:VITE|VITEST)(?:_|$)/,
  /^(?:NODE|NODE_ENV|NODE_CHANNEL_\w+|NODE_UNIQUE_ID|INIT_CWD|COLOR|ORIGINAL_XDG_CURRENT_DESKTOP|NO_AT_BRIDGE)$/,
  /^(?:APPDIR|APPIMAGE|ARGV0|OWD)$/,
  /^(?:TERM|TERMINFO|TERMCAP|COLORTERM|TERM_PROGRAM\w*|TERM_SESSION_ID|COLUMNS|LINES|WINDOWID|VTE_VERSION)$/,
  /^(?:TMUX|TMUX_PANE|STY|WINDOW|WT_SESSION|KONSOLE_\w+|KITTY_\w+|ALACRITTY_\w+|WEZTERM_\w+|GHOSTTY_\w+|VSCODE_\w+)$/,
  /^(?:INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|LISTEN_\w+|SYSTEMD_EXEC_PID|MANAGERPID)$/,
  /^(?:_|SHLVL|OLDPWD|PWD)$/,
];

/** Folders that npm puts before the user's own when it runs a script. */
const NPM_FOLDER = /\/(?:node_modules\/\.bin|node-gyp-bin)$/;

/** The user's environment as a shell is to have it: without what ModShark and whatever started it added. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !FOREIGN.some((pattern) => pattern.test(name))) clean[name] = value;
  if (env['npm_execpath'] !== undefined && clean['PATH'] !== undefined)
    clean['PATH'] = clean['PATH']
      .split(':')
      .filter((folder) => !NPM_FOLDER.test(folder))
      .join(':');
  return { ...clean, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'ModShark' };
}
