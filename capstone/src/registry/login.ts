import { type Credentials, credentialsFor, forgetCredentials, keepCredentials } from './auth/credentials.ts';
import { registryOf } from './endpoint.ts';
import { RegistryError } from './http/error.ts';
import { dismiss } from './http/send.ts';
import { Session } from './session.ts';

/** A registry as `login` and `logout` are given it: a host, or an URL of it; docker.io if none. */
export function serverOf(given = 'docker.io'): { domain: string; server: string } {
  const host = given.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  const domain = ['index.docker.io', 'registry-1.docker.io'].includes(host) ? 'docker.io' : host;
  if (!URL.canParse(`https://${domain}`) || domain === '')
    throw new Error(`Expected a registry to be a host, got ${JSON.stringify(given)}`);
  return { domain, server: registryOf(domain).server };
}

/** What is kept of a registry; undefined if nobody has logged in. */
export function kept(given: string | undefined): Promise<Credentials | undefined> {
  return credentialsFor(serverOf(given).server);
}

/**
 * Proves to a registry who somebody is, and keeps the proof if it's taken.
 *
 * @returns is the password in config.json, where anyone who can read that file can read it?
 * @throws {RegistryError} if the proof isn't taken
 */
export async function login(given: string | undefined, credentials: Credentials): Promise<boolean> {
  const { domain, server } = serverOf(given);
  const session = new Session(registryOf(domain), { credentials });
  try {
    const token = await session.login();
    dismiss(await session.ask({ path: '', scopes: [], good: [200], what: 'login denied' }));
    return await keepCredentials(
      server,
      token?.identityToken ? { ...credentials, identityToken: token.identityToken } : credentials,
    );
  } catch (error) {
    if (error instanceof RegistryError && [401, 403].includes(error.status))
      throw new Error(`unauthorized: incorrect username or password: ${error.message}`, { cause: error });
    throw error;
  } finally {
    session.close();
  }
}

/** Forgets what proves who somebody is. @returns was there anything? */
export function logout(given: string | undefined): Promise<boolean> {
  return forgetCredentials(serverOf(given).server);
}
