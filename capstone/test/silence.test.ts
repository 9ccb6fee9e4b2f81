import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connections } from '../src/registry/http/connections.ts';
import { isCut } from '../src/registry/http/patience.ts';
import { send, textOf } from '../src/registry/http/send.ts';

test('a registry that says nothing any more, before its answer or in it, counts as a connection that was cut', async () => {
  const beginnings = ['', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'];
  const server = createServer((socket) => socket.write(beginnings.shift() ?? ''));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const asked = { url: new URL(`http://127.0.0.1:${port}/`), silence: 50 };
  const over = connections(() => false);
  try {
    const none = await send(over, asked).catch((error) => error);
    expect(none).toMatchObject({ message: 'nothing came for 0.05 seconds', host: `127.0.0.1:${port}` });
    expect(isCut(none)).toBe(true);
    const half = await textOf(await send(over, asked), 100).catch((error) => error);
    expect(isCut(half)).toBe(true);
  } finally {
    over.close();
    server.close();
  }
});
