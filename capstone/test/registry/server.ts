import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Digest } from 'step-10';
import { digestOf } from 'step-10/store';
import type { Made } from '../../../steps/08-layers/test/images.ts';

/** Something that a registry of a test's does in place of answering as it should. @returns false to answer as it should after all */
export type Fault = (request: Asked, response: ServerResponse) => boolean | Promise<boolean>;

/** What it was asked. */
export interface Asked {
  readonly method: string;
  /** Below `/v2/`, without what follows a question mark. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** A document that has a name. */
export interface Named {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A registry in this process, which keeps everything in memory, and lies when it's told to. */
export class TestRegistry {
  readonly blobs = new Map<string, Buffer>();
  /** By `repository:tag` and by `repository@digest`. */
  readonly manifests = new Map<string, Named>();
  readonly asked: Asked[] = [];
  fault: Fault = () => false;
  /** After how many bytes of uploads the connection is cut: once for each. What came before is kept. */
  readonly cuts: number[] = [];
  readonly #server: Server;
  readonly #uploads = new Map<string, Buffer[]>();

  constructor(server = createServer()) {
    this.#server = server;
    server.on('request', (request, response) =>
      this.#answer(request, response).catch((error) => response.destroy(error)),
    );
  }

  static async start(server: Server = createServer(), address?: string): Promise<TestRegistry> {
    const registry = new TestRegistry(server);
    await registry.listen(address);
    return registry;
  }

  async listen(address = '127.0.0.1'): Promise<void> {
    this.#server.listen(0, address);
    await once(this.#server, 'listening');
  }

  /** `127.0.0.1:PORT`, unless it's told to be elsewhere. */
  get host(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `${address}:${port}`;
  }

  /** What was asked for, as `GET app/blobs/sha256:…`, but for pings. */
  get lines(): string[] {
    return this.asked.filter(({ path }) => path !== '').map(({ method, path }) => `${method} ${path}`);
  }

  /** Keeps an image. @returns its name, to be pulled by */
  keep(name: string, { manifest, blobs }: Made): string {
    for (const [digest, bytes] of blobs) this.blobs.set(digest, bytes);
    this.tag(name, { mediaType: manifest.mediaType, bytes: blobs.get(manifest.digest) as Buffer });
    return `${this.host}/${name}`;
  }

  tag(name: string, document: Named): string {
    this.manifests.set(name.includes(':') ? name : `${name}:latest`, document);
    this.manifests.set(`${name.split(':', 1)}@${digestOf(document.bytes)}`, document);
    return `${this.host}/${name}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { method = '', headers } = request;
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://here');
    const asked = { method, path: decodeURIComponent(pathname.replace(/^\/v2\//, '')), query, headers };
    this.asked.push(asked);
    if (await this.fault(asked, response)) return;
    if (asked.path === '') return end(response, 200, {}, '{}');
    const [, repository = '', kind = '', rest = ''] =
      /^(.+?)\/(manifests|blobs\/uploads|blobs|tags)\/(.*)$/.exec(asked.path) ?? [];
    if (kind === 'tags') return this.#tags(repository, response);
    if (kind === 'blobs/uploads') return this.#upload(repository, rest, request, asked, response);
    if (kind === 'manifests' && method === 'PUT') return this.#putManifest(repository, rest, request, response);
    if (kind === 'manifests')
      return this.#manifest(`${repository}${rest.includes(':') ? '@' : ':'}${rest}`, method, response);
    const blob = this.blobs.get(rest);
    if (blob === undefined) return fail(response, 404, 'BLOB_UNKNOWN', 'blob unknown to registry');
    serveBytes(response, method, headers.range, blob);
  }

  #tags(repository: string, response: ServerResponse) {
    const tags = [...this.manifests.keys()].flatMap((name) =>
      name.startsWith(`${repository}:`) ? [name.slice(repository.length + 1)] : [],
    );
    if (tags.length === 0) return fail(response, 404, 'NAME_UNKNOWN', 'repository name not known to registry');
    end(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify({ name: repository, tags }));
  }

  #manifest(name: string, method: string, response: ServerResponse) {
    const found = this.manifests.get(name);
    if (found === undefined) return fail(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    const headers = {
      'Content-Type': found.mediaType,
      'Docker-Content-Digest': digestOf(found.bytes),
      'Content-Length': found.bytes.length,
    };
    end(response, 200, headers, method === 'HEAD' ? '' : found.bytes);
  }

  async #putManifest(
    repository: string,
    rest: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<unknown> {
    const bytes = await buffer(request);
    const { config, layers } = JSON.parse(bytes.toString());
    const missing = [config, ...layers].find(({ digest }) => !this.blobs.has(digest));
    if (missing) return fail(response, 400, 'MANIFEST_BLOB_UNKNOWN', `${missing.digest}`);
    this.tag(`${repository}:${rest}`, { mediaType: request.headers['content-type'] ?? '', bytes });
    end(response, 201, { 'Docker-Content-Digest': digestOf(bytes) }, '');
  }

  async #upload(
    repository: string,
    id: string,
    request: IncomingMessage,
    { method, query }: Asked,
    response: ServerResponse,
  ): Promise<unknown> {
    const [mount, digest] = [query.get('mount'), query.get('digest') as Digest | null];
    if (method === 'POST' && mount && this.blobs.has(mount))
      return end(response, 201, { Location: `/v2/${repository}/blobs/${mount}` }, '');
    const upload = id || String(this.#uploads.size + 1);
    const chunks = this.#uploads.get(upload) ?? [];
    this.#uploads.set(upload, chunks);
    if (!(await this.#take(request, chunks))) return response.destroy();
    const whole = Buffer.concat(chunks);
    if (method !== 'PUT') {
      const range = { Range: `0-${Math.max(whole.length - 1, 0)}` };
      return end(
        response,
        method === 'GET' ? 204 : 202,
        { Location: `/v2/${repository}/blobs/uploads/${upload}?state=a%20b`, ...range },
        '',
      );
    }
    if (digestOf(whole) !== digest)
      return fail(response, 400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
    this.blobs.set(digest, whole);
    end(response, 201, { Location: `/v2/${repository}/blobs/${digest}` }, '');
  }

  /** What comes of an upload. @returns false if the connection is to be cut now */
  async #take(request: IncomingMessage, into: Buffer[]): Promise<boolean> {
    const [, begin] = /^(\d+)-/.exec(request.headers['content-range'] ?? '') ?? [];
    const have = Buffer.concat(into).length;
    if (begin !== undefined && Number(begin) !== have) throw new Error(`${begin} doesn't follow ${have} bytes`);
    let room = (this.cuts[0] ?? Infinity) - have;
    for await (const chunk of request) {
      into.push(chunk.subarray(0, room));
      room -= chunk.length;
      if (room <= 0) {
        this.cuts.shift();
        return false;
      }
    }
    return true;
  }
}

/** Answers with bytes, or with those that a header Range asks for. */
export function serveBytes(response: ServerResponse, method: string, range: string | undefined, bytes: Buffer): void {
  const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  const rest = bytes.subarray(Number(from ?? 0));
  const part = from !== undefined && { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  end(response, part ? 206 : 200, { 'Content-Length': rest.length, ...part }, method === 'HEAD' ? '' : rest);
}

export function end(response: ServerResponse, status: number, headers: object, body: string | Buffer): void {
  response.writeHead(status, { 'Docker-Distribution-API-Version': 'registry/2.0', ...headers });
  response.end(body);
}

/** @returns true: that was the answer */
export function fail(response: ServerResponse, status: number, code: string, message: string, headers = {}): true {
  end(
    response,
    status,
    { 'Content-Type': 'application/json', ...headers },
    JSON.stringify({ errors: [{ code, message }] }),
  );
  return true;
}
