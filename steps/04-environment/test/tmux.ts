import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { inRoot, REPOSITORY } from '../../../test/boxstep.ts';

let opened = 0;

/** A terminal with a shell of the host's in it, whose prompt is `host$`. */
export function openTmux(name: string) {
  const socket = inRoot(`${name}-${opened++}`); // one that is being closed can't be opened
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const screen = () => tmux('capture-pane', '-p').replace(/\s+$/, '');
  const shows = (text: string | RegExp) => expect.poll(screen, { timeout: 20_000, interval: 50 }).toMatch(text);
  // Without line editing: that would set the terminal for itself at each prompt.
  const shell = ['env', 'PS1=host$ ', 'bash', '--norc', '--noprofile', '--noediting'];
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', '-c', REPOSITORY, ...shell);
  return {
    screen,
    shows,
    /** Keys as tmux calls them: `C-c`, `Enter`; other words are typed. */
    keys: (...keys: string[]) => tmux('send-keys', ...keys),
    /** Types a line. */
    type: (line: string) => tmux('send-keys', '-l', `${line}\n`),
    resize: (columns: number, rows: number) => tmux('resize-window', '-x', String(columns), '-y', String(rows)),
    /** How the terminal is set, without its size. */
    settings: () =>
      execFileSync('stty', ['-a', '-F', tmux('display-message', '-p', '#{pane_tty}').trim()], {
        encoding: 'utf8',
      }).replace(/rows \d+; columns \d+;/, ''),
    close: () => tmux('kill-server'),
  };
}
