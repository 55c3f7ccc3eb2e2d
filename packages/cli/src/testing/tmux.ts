import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { bin, type Scene } from './scene.js';
import { until } from './until.js';

/** A terminal of tmux with a shell in it, as somebody has it who came over ssh. */
export interface TmuxTerminal {
  /** Types text as it is, then keys by their names, as `Enter` or `C-c`. */
  type(text: string, ...keys: string[]): void;
  /** Pastes as a terminal does: marked, if the program asked for it. */
  paste(text: string): void;
  resize(columns: number, rows: number): void;
  /** What is to be seen, line by line, without blanks at their ends. */
  lines(): string[];
  /** Column and row of the cursor, from 0. */
  cursor(): readonly [column: number, row: number];
  /** Resolves when what is to be seen is as wanted; rejects with what is seen when that takes too long. */
  shows(wanted: (lines: readonly string[]) => boolean): Promise<void>;
}

/** Starts a terminal of 80 columns and 24 rows; `mailslot` is the program, in that scene. */
export function tmuxTerminal(t: TestContext, stage: Scene): TmuxTerminal {
  const socket = join(stage.root, 'tmux');
  const tmux = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-S', socket, '-f', '/dev/null', '-u', ...args], {
      env: { ...stage.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const shell = `PS1='$ ' ENV= exec sh`;
  tmux('new-session', '-d', '-x', '80', '-y', '24', shell);
  // By its process: the scene with its socket may be gone before.
  const server = Number(tmux('display-message', '-p', '#{pid}'));
  t.after(() => process.kill(server));
  const lines = (): string[] => tmux('capture-pane', '-p').trimEnd().split('\n');
  const terminal: TmuxTerminal = {
    lines,
    type(text, ...keys) {
      if (text !== '') tmux('send-keys', '-l', '--', text);
      if (keys.length > 0) tmux('send-keys', ...keys);
    },
    paste(text) {
      tmux('set-buffer', '--', text);
      tmux('paste-buffer', '-p', '-r');
    },
    resize: (columns, rows) => void tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`),
    cursor() {
      const [column = '', row = ''] = tmux('display-message', '-p', '#{cursor_x} #{cursor_y}').split(' ');
      return [Number(column), Number(row)];
    },
    async shows(wanted) {
      await until(lines, wanted);
    },
  };
  terminal.type(`mailslot() { '${process.execPath}' '${bin}' "$@"; }; clear`, 'Enter');
  return terminal;
}
