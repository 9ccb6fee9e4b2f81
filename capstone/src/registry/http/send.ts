import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Connections } from './connections.ts';
import { RegistryError } from './error.ts';

/** A request as it goes over one connection. */
export interface Asked {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent: called again for each try. */
  readonly body?: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for which nothing may come before the connection counts as cut; a minute unless given. */
  readonly silence?: number;
}

/** What was answered. Its body must be read, or thrown away. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where it came from, after redirects. */
  readonly url: URL;
  readonly body: IncomingMessage;
}

/** An error of a connection: after redirects, it's to another host than the one that was asked. */
export interface Unreached extends NodeJS.ErrnoException {
  readonly host: string;
}

/**
 * Sends one request, and waits for the head of its answer. `node:http` and not `fetch`, because a private registry may need its
 * own certificate authority, which fetch can't be told, and because a layer of a gigabyte is copied once less.
 *
 * @throws {Unreached} if the connection fails
 */
export async function send(connections: Connections, asked: Asked): Promise<Answer> {
  const { url, method = 'GET', headers = {}, body, signal, silence = 60_000 } = asked;
  const module = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const request = module.request(url, {
    method,
    headers: { 'User-Agent': 'boxstep', ...headers },
    ...connections.options(url),
    ...(signal && { signal }),
  });
  request.setTimeout(silence, () => request.destroy(new Error(`nothing came for ${silence / 1000} seconds`)));
  const answered = answerOf(request, url);
  if (body === undefined) request.end();
  else pipeline(body(), request).catch(() => {}); // an answer may come before all is sent, and an error comes there, too
  return answered;
}

function answerOf(request: ClientRequest, url: URL): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): Unreached => Object.assign(error, { host: url.host });
    request.on('error', (error) => reject(failed(error)));
    request.on('response', (body) => {
      body.on('error', failed);
      resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body });
    });
  });
}

/** Throws a body away that nobody reads. A short one is read, so that the connection can be used again. */
export function dismiss({ body, headers }: Answer): void {
  body.on('error', () => {});
  if (Number(headers['content-length']) <= SHORT) body.resume();
  else body.destroy();
}

const SHORT = 64 << 10; // bytes

/**
 * Reads a body whole.
 *
 * @param most - bytes
 * @throws {Error} if it's longer, or the connection is cut
 */
export async function textOf(answer: Answer, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > most) {
      dismiss(answer);
      throw new RegistryError(`${answer.url.host} sends more than the ${most} bytes that are read of such a document`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
