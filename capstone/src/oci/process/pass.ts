import { closeSync } from 'node:fs';
import { AF_UNIX, connect, perform, SOCK_CLOEXEC, SOCK_STREAM, sendmsg, socket } from 'shared-native';
import type { OciSeccomp } from '../config/schema.ts';
import { OCI_VERSION } from '../version.ts';

/** Gives the other end of a terminal to the client who listens at a socket, as runc does: its name, and the descriptor. */
export function passTerminal(path: string, master: number): void {
  pass(path, '/dev/pts/ptmx', master);
}

/** Gives the listener of a filter to its agent: runtime-spec, config-linux.md, "The Container Process State". */
export function passListener(
  fd: number,
  { listenerPath = '', listenerMetadata }: OciSeccomp,
  state: { readonly pid: number },
): void {
  const message = {
    ociVersion: OCI_VERSION,
    fds: ['seccompFd'],
    pid: state.pid,
    ...(listenerMetadata && { metadata: listenerMetadata }),
    state,
  };
  pass(listenerPath, JSON.stringify(message), fd);
}

function pass(path: string, text: string, descriptor: number): void {
  const own = perform(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC));
  try {
    perform(connect(own, path));
    perform(sendmsg(own, Buffer.from(text), [descriptor]));
  } finally {
    closeSync(own);
    closeSync(descriptor);
  }
}
