import { closeSync, readSync, rmSync } from 'node:fs';
import { openPipe } from 'shared-native';
import { newDeed, PID, type PublishedPort, releasePorts, shellLine } from 'step-08';
import { programOrName } from '../rootless/program.ts';

/** What slirp4netns is started with. */
interface Slirp {
  readonly socket: string;
  readonly ports: readonly PublishedPort[];
}

/** The ends of pipes by which running ones are ended, by their sockets. */
const exits = new Map<string, number>();

// #region ended by a pipe
/**
 * Starts slirp4netns(1), waits until the interface is there, and has it listen on the host's ports. It ends as soon as nobody
 * has the other end of a pipe any more: so also when this process is killed.
 */
export const startSlirp = newDeed<Slirp>('start-slirp4netns', {
  asShell: ({ socket, ports }) => [shellLine(lineOf(socket, PID)), ...ports.map((one) => forward(one))].join('; '),
  async carryOut({ socket, ports }, pid) {
    releasePorts();
    const [exit, ours] = openPipe();
    const [ready, tells] = openPipe();
    const [program = '', ...args] = lineOf(socket, String(pid));
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(programOrName(program), args, {
      stdio: ['ignore', 'ignore', 'ignore', exit, tells],
      detached: true,
    });
    child.on('error', () => {}); // it's told by the pipe's end
    child.unref();
    for (const end of [exit, tells]) closeSync(end);
    exits.set(socket, ours);
    const isReady = readSync(ready, new Uint8Array(1)) === 1;
    closeSync(ready);
    if (!isReady) throw new Error('slirp4netns ended before there was a network');
    for (const port of ports) await ask(socket, forward(port));
  },
});

/** Ends slirp4netns. Fine if it has ended. */
export const endSlirp = newDeed<string>('end-slirp4netns', {
  asShell: (socket) => `exec 3>&-; rm ${socket}`,
  carryOut(socket) {
    const exit = exits.get(socket);
    if (exit !== undefined) closeSync(exit);
    exits.delete(socket);
    rmSync(socket, { force: true });
  },
});
// #endregion

function lineOf(socket: string, pid: string): string[] {
  const safe = ['--disable-host-loopback', '--mtu=65520'];
  return ['slirp4netns', '--configure', ...safe, '--exit-fd=3', '--ready-fd=4', '--api-socket', socket, pid, 'eth0'];
}

function forward({ protocol, hostIp, hostPort, containerPort }: PublishedPort): string {
  const args = { proto: protocol, host_addr: hostIp || '0.0.0.0', host_port: hostPort, guest_port: containerPort };
  return JSON.stringify({ execute: 'add_hostfwd', arguments: args });
}

/** Asks slirp4netns by its socket. @throws {Error} with what it answers, if that is an error */
async function ask(socket: string, request: string): Promise<void> {
  const { connect } = process.getBuiltinModule('node:net');
  const connection = connect(socket);
  connection.end(request);
  let answer = '';
  for await (const chunk of connection.setEncoding('utf8')) answer += chunk;
  const { error } = JSON.parse(answer || '{}') as { error?: { desc?: string } };
  if (error) throw new Error(`slirp4netns can't forward ${request}: ${error.desc}`);
}
