import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * What somebody answers at a port: who it is, and whom it sees. Else the error; "nothing" if nothing comes.
 *
 * @param patience - milliseconds: what is dropped is dropped in silence, and who answers may have to wait for a CPU
 */
export async function ask(protocol: 'tcp' | 'udp', address: string, port: number, patience: number): Promise<string> {
  const asked = protocol === 'tcp' ? askTcp(address, port, patience) : askUdp(address, port, patience);
  return asked.catch((error) => error.code ?? error.name);
}

async function askTcp(address: string, port: number, patience: number): Promise<string> {
  const socket = connect(port, address);
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  socket.setTimeout(patience, () => socket.destroy(Object.assign(new Error(), { code: 'nothing' })));
  await once(socket, 'end');
  socket.destroy();
  return text;
}

async function askUdp(address: string, port: number, patience: number): Promise<string> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const timer = setTimeout(() => socket.emit('error', Object.assign(new Error(), { code: 'nothing' })), patience);
  try {
    const answer = once(socket, 'message');
    socket.connect(port, address, () => socket.send('?'));
    const [text] = await answer;
    return String(text);
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

/** Answers at ports 80 and 81, of tcp and udp, with a name and the address of who asks; and asks others when told to. */
async function serve(name: string): Promise<void> {
  const seen = (address = '') => `${name} sees ${address.replace('::ffff:', '')}`;
  for (const port of [80, 81]) {
    await once(createServer((socket) => socket.end(seen(socket.remoteAddress))).listen(port, '::'), 'listening');
    const udp = createSocket({ type: 'udp6' });
    udp.on('message', (_, { address, port: from }) => udp.send(seen(address), from, address));
    await once(udp.bind(port, '::'), 'listening');
  }
  process.on('message', async (question: Parameters<typeof ask>) => {
    process.send?.(await ask(...question));
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

const [name] = process.argv.slice(2);
if (name !== undefined && import.meta.main) await serve(name);
