import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Asked, end, type Fault, fail, type TestRegistry } from './server.ts';

/** A token server of a test's own, at a registry's own address: whom it knows, and what it gave. */
export interface TokenServer {
  /** Answers what is for it, and sends away who has no token. */
  readonly fault: Fault;
  /** What it was asked: its parameters, and who asked. */
  readonly asked: { readonly scopes: readonly string[]; readonly who: string | undefined; readonly method: string }[];
  /** No token that was given is good any more. */
  expire(): void;
}

/** @param passwords - by name; `*` lets everybody have a token */
export function tokenServer(registry: TestRegistry, passwords: Readonly<Record<string, string>>): TokenServer {
  const asked: TokenServer['asked'] = [];
  const good = new Map<string, string[]>();
  const give = (request: Asked, scopes: string[], who: string | undefined, response: ServerResponse) => {
    asked.push({ scopes, who, method: request.method });
    const [name = '', password] = who?.split(':') ?? [];
    if (who !== undefined ? passwords[name] !== password : passwords['*'] === undefined)
      return fail(response, 401, 'UNAUTHORIZED', 'authentication required');
    const token = `token-${asked.length}`;
    good.set(token, scopes);
    const refresh = request.query.get('offline_token') && { refresh_token: `identity:${name}` };
    end(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify({ token, expires_in: 60, ...refresh }));
    return true;
  };
  const fault: Fault = async (request, response) => {
    const { path, query, headers } = request;
    if (path === '/token') {
      const form = new URLSearchParams(request.method === 'POST' ? (await buffer(response.req)).toString() : '');
      if (form.get('grant_type') === 'refresh_token') {
        const [, name = ''] = (form.get('refresh_token') ?? '').split(':');
        return give(request, (form.get('scope') ?? '').split(' '), `${name}:${passwords[name]}`, response);
      }
      const [, code] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? [];
      return give(request, query.getAll('scope'), code && Buffer.from(code, 'base64').toString(), response);
    }
    const scopes = good.get(headers.authorization?.replace('Bearer ', '') ?? '');
    const [repository] = path.split(/\/(?:manifests|blobs|tags)\//);
    if (scopes && (path === '' || scopes.some((scope) => scope.split(':')[1] === repository))) return false;
    const challenge = `Bearer realm="http://${registry.host}/token",service="test, registry",scope="repository:${repository}:pull"`;
    return fail(response, 401, 'UNAUTHORIZED', 'authentication required', { 'WWW-Authenticate': challenge });
  };
  return { fault, asked, expire: () => good.clear() };
}

/** Wants a name and a password with each request. */
export function basicAuth(name: string, password: string): Fault {
  const right = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return ({ headers }, response) =>
    headers.authorization !== right &&
    fail(response, 401, 'UNAUTHORIZED', 'authentication required', { 'WWW-Authenticate': 'Basic realm="a test"' });
}
