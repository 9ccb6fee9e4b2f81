import { spawn } from 'node:child_process';
import { loader, node, root } from './workspace.mjs';

/**
 * Becomes Node 26 running a TypeScript file; where Node can't do that (before 22.15), stays as its parent and
 * passes on signals one way and the exit status the other.
 * @param {string[]} program the file, then its arguments
 */
export async function launch(program) {
  const args = ['--import', loader, ...program];
  process.chdir(root);
  if (process.execve) process.execve(node, [node, ...args], process.env);

  const child = spawn(node, args, { stdio: 'inherit' });
  passSignalsTo(child);
  const { code, signal } = await ended(child);
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function passSignalsTo(child) {
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  for (const signal of ['SIGINT', 'SIGQUIT']) {
    process.on(signal, () => {
      // The terminal's Ctrl-C has already reached the child, which is in the same process group.
      if (!process.stdin.isTTY) child.kill(signal);
    });
  }
}

function ended(child) {
  return new Promise((done, failed) => {
    child.on('error', (cause) => failed(new Error(`could not start ${node}: ${cause.message}`, { cause })));
    child.on('exit', (code, signal) => done({ code, signal }));
  });
}
