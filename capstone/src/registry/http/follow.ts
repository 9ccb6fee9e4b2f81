import type { Connections } from './connections.ts';
import { RegistryError } from './error.ts';
import { locationIn } from './location.ts';
import { type Answer, type Asked, dismiss, send } from './send.ts';

/** As many as fetch follows is 20; a registry leads to its storage, and that is one. */
const MOST = 8;

/**
 * Sends a request, and follows redirects. What proves who we are goes to no other host: a registry's storage has an address that
 * proves it already, and anybody can redirect to anywhere.
 *
 * @throws {RegistryError} if they don't end, or lead from TLS to what everybody can read
 */
export async function follow(connections: Connections, asked: Asked, left = MOST): Promise<Answer> {
  const answer = await send(connections, asked);
  if (![301, 302, 303, 307, 308].includes(answer.status) || answer.headers.location === undefined) return answer;
  dismiss(answer);
  if (left === 0) throw new RegistryError(`${asked.url.host} redirects without end`);
  const url = locationIn(answer);
  const { Authorization: _, ...others } = asked.headers ?? {};
  const headers = url.origin === asked.url.origin ? asked.headers : others;
  return follow(connections, { ...asked, url, headers: headers ?? {} }, left - 1);
}
