import { keyOf, readConfig, writeConfig } from './config.ts';
import { type Helper, helper } from './helper.ts';

/** What proves to a registry who somebody is. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** In place of the password, for the token server. */
  readonly identityToken?: string;
  /** In place of both, for the registry. */
  readonly registryToken?: string;
}

/** The user name that helpers give with an identity token, which is no password. */
const TOKEN = '<token>';

/** What there is for a server; undefined if nobody logged in. @throws {Error} if config.json can't be read, or its helper fails */
export async function credentialsFor(server: string): Promise<Credentials | undefined> {
  const config = readConfig();
  const keeper = helperOf(server);
  if (keeper !== undefined) {
    const kept = await keeper.get(server);
    if (kept !== undefined)
      return kept.Username === TOKEN
        ? { username: '', password: '', identityToken: kept.Secret }
        : { username: kept.Username, password: kept.Secret };
  }
  const key = keyOf(server, config.auths);
  const { auth, identitytoken, registrytoken, ...entry } = config.auths?.[key ?? ''] ?? {};
  const decoded = Buffer.from(auth ?? '', 'base64').toString();
  const colon = decoded.indexOf(':');
  const [username = '', password = ''] =
    colon === -1 ? [entry.username, entry.password] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
  if (username === '' && !identitytoken && !registrytoken) return undefined;
  return {
    username,
    password: password.replace(/\0+$/, ''),
    ...(identitytoken && { identityToken: identitytoken }),
    ...(registrytoken && { registryToken: registrytoken }),
  };
}

/** Keeps them: with a helper, or in config.json. @returns are they in that file, where anyone who can read it can read them? */
export async function keepCredentials(
  server: string,
  { username, password, identityToken }: Credentials,
): Promise<boolean> {
  const keeper = helperOf(server);
  if (keeper !== undefined)
    await keeper.store(
      identityToken === undefined
        ? { ServerURL: server, Username: username, Secret: password }
        : { ServerURL: server, Username: TOKEN, Secret: identityToken },
    );
  const auth = Buffer.from(`${username}:${identityToken === undefined ? password : ''}`).toString('base64');
  const entry = keeper ? {} : { auth, ...(identityToken !== undefined && { identitytoken: identityToken }) };
  const config = readConfig();
  writeConfig({ ...config, auths: { ...config.auths, [server]: entry } });
  return keeper === undefined;
}

/** Forgets them. @returns were there any? */
export async function forgetCredentials(server: string): Promise<boolean> {
  const config = readConfig();
  const key = keyOf(server, config.auths);
  const keeper = helperOf(server);
  const wasKept = keeper !== undefined && (await keeper.get(server)) !== undefined;
  if (wasKept) await keeper.erase(server);
  if (key === undefined) return wasKept;
  const { [key]: _, ...auths } = config.auths ?? {};
  writeConfig({ ...config, auths });
  return true;
}

function helperOf(server: string): Helper | undefined {
  const { credHelpers = {}, credsStore } = readConfig();
  const name = credHelpers[keyOf(server, credHelpers) ?? ''] ?? credsStore;
  return name ? helper(name) : undefined;
}
