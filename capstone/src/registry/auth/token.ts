import { RegistryError } from '../http/error.ts';
import { type Answer, type Asked, textOf } from '../http/send.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';

/** What a token server answers. */
export interface Token {
  readonly token: string;
  /** Stands for the password from now on, where one was asked for. */
  readonly identityToken?: string;
}

/** What is asked of a token server. */
export interface Wanted {
  readonly challenge: Challenge;
  readonly credentials: Credentials | undefined;
  /** What the token is to be good for: `repository:library/busybox:pull`. None to log in. */
  readonly scopes: readonly string[];
  /** Who sent us there. */
  readonly from: URL;
}

/** Bytes of an answer with a token. */
const LONGEST = 1 << 20;

/**
 * Asks a token server for a token.
 *
 * @param ask - gets a good answer, or throws
 * @throws {RegistryError} if it gives none; if a password would cross the network unencrypted
 * @see {@link https://distribution.github.io/distribution/spec/auth/token/ | Token authentication}
 */
export async function fetchToken(ask: (asked: Asked) => Promise<Answer>, wanted: Wanted): Promise<Token> {
  const { challenge, credentials, from } = wanted;
  const realm = urlOf(challenge, from);
  if (credentials !== undefined && from.protocol === 'https:' && realm.protocol !== 'https:')
    throw new RegistryError(`${from.host} wants the password to go to ${realm.origin}, which is not encrypted`);
  const answer = await ask(credentials?.identityToken ? byIdentity(realm, wanted) : byPassword(realm, wanted));
  const text = (await textOf(answer, LONGEST)).toString();
  try {
    const { token, access_token: access = token, refresh_token: identityToken } = JSON.parse(text);
    if (typeof access === 'string' && /^[\x21-\x7e]+$/.test(access))
      return { token: access, ...(typeof identityToken === 'string' && { identityToken }) };
  } catch {}
  throw new RegistryError(`${realm.host} answered without a token`);
}

function urlOf({ parameters: { realm = '' } }: Challenge, from: URL): URL {
  if (/^https?:\/\//.test(realm) && URL.canParse(realm)) return new URL(realm);
  throw new RegistryError(
    `${from.host} names a token server that is not a URL: ${JSON.stringify(realm.slice(0, 200))}`,
  );
}

function byPassword(realm: URL, { challenge, credentials, scopes }: Wanted): Asked {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials === undefined) return { url };
  url.searchParams.set('account', credentials.username);
  if (scopes.length === 0) {
    url.searchParams.set('client_id', 'boxstep');
    url.searchParams.set('offline_token', 'true');
  }
  return { url, headers: { Authorization: basic(credentials) } };
}

function byIdentity(url: URL, { challenge, credentials, scopes }: Wanted): Asked {
  const { service = '' } = challenge.parameters;
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: credentials?.identityToken ?? '',
    client_id: 'boxstep',
    service,
    scope: scopes.join(' '),
  });
  const body = Buffer.from(form.toString());
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': `${body.length}` };
  return { url, method: 'POST', headers, body: () => [body] };
}

/** The value of a header Authorization with a password (RFC 7617). */
export function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
