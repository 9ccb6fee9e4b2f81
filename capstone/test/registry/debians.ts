import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Daemon, startDaemon } from '../daemon.ts';

/** `me` with the password `secret`, hashed by bcrypt, which is all that the registry reads. */
const PASSWORDS = 'me:$2b$04$.d2dsbSuXtZCYPqrHYArEef20jPtxQvY6FbI0q2cplaKylx2G0/oe\n';

/** Debian's registry, which keeps its images in a directory. @param isOpen - does it want no password? */
export async function startRegistry(directory: string, isOpen = false): Promise<Daemon & { readonly host: string }> {
  mkdirSync(directory, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  writeFileSync(join(directory, 'passwords'), PASSWORDS);
  const config = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'data') } },
    http: { addr: host },
    ...(!isOpen && { auth: { htpasswd: { realm: 'a test', path: join(directory, 'passwords') } } }),
  };
  const file = join(directory, 'config.yml');
  writeFileSync(file, JSON.stringify(config)); // which is YAML, too
  return { host, ...(await startDaemon(['docker-registry', 'serve', file], 'listening on')) };
}

/** One that nobody listens at: the tests have a network namespace to themselves. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
