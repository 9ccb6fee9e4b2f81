import { existsSync } from 'node:fs';
import { execa } from 'execa';

/** The capstone's container. */
export const NAME = 'tour';

/** What it runs: Node, from this machine, as a web server at a port that is free. */
const SERVER = `require('node:http')
  .createServer((_, answer) => answer.end('Hello from PID ' + process.pid + ' of a container that nobody waits for.\\n'))
  .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`;

/**
 * Starts a web server in a container that outlives this command, in place of one that an earlier tour has left.
 *
 * @param boxstep - the command
 * @param rootfs - its root filesystem; Node and its libraries are mounted into it
 * @returns its address
 * @throws {Error} with what the capstone said
 */
export async function startServer(boxstep: string, rootfs: string): Promise<string> {
  await execa(boxstep, ['rm', '-f', NAME], { reject: false });
  const libraries = ['/usr', '/lib', '/lib64'].filter((path) => existsSync(path));
  const mounts = [...libraries.map((path) => `${path}:${path}:ro`), `${process.execPath}:/node:ro`];
  const flags = ['--name', NAME, '--network', 'host', ...mounts.flatMap((mount) => ['-v', mount])];
  await execa(boxstep, ['run', '-d', ...flags, rootfs, '/node', '-e', SERVER]);
  return firstLine(boxstep);
}

/** The first line that the container writes, as soon as it's there. */
async function firstLine(boxstep: string): Promise<string> {
  const logs = execa(boxstep, ['logs', '-f', NAME], { reject: false });
  for await (const line of logs) {
    logs.kill();
    return line;
  }
  throw new Error(`its server ended before it said where it is: ${(await logs).stderr}`);
}
