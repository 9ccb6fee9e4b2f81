import { RegistryError } from './error.ts';
import type { Answer } from './send.ts';

/**
 * Where an answer leads.
 *
 * @throws {RegistryError} for what is no address, and for a way from TLS to what isn't encrypted
 */
export function locationIn({ headers: { location = '' }, url: from }: Pick<Answer, 'headers' | 'url'>): URL {
  if (!URL.canParse(location, from.href))
    throw new RegistryError(`${from.host} leads to ${JSON.stringify(location.slice(0, 300))}, which is no address`);
  const to = new URL(location, from);
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new RegistryError(`${from.host} leads to ${to.protocol}//${to.host}, which is not encrypted`);
}
