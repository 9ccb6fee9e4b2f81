import type { RequestOptions } from 'node:https';
import { clientCertificate, trusted } from './certificates.ts';
import { isLoopback } from './loopback.ts';

/** Connections that are used again for the next request to the same host. */
export interface Connections {
  /** How to connect to where a URL leads. */
  options(url: URL): RequestOptions;
  close(): void;
}

/** @param unverified - hosts (with their ports) whose certificates are believed no matter who signed them */
export function connections(unverified: (host: string) => boolean): Connections {
  const agents = new Map<string, import('node:http').Agent>();
  const agent = (url: URL) => {
    const made = agents.get(url.origin) ?? newAgent(url);
    agents.set(url.origin, made);
    return made;
  };
  return {
    options: (url) => ({
      agent: agent(url),
      ...(url.protocol === 'https:' && {
        ...(unverified(url.host) ? { rejectUnauthorized: false } : { ca: trusted(url.host) }),
        ...clientCertificate(url.host),
      }),
    }),
    close() {
      for (const made of agents.values()) made.destroy();
    },
  };
}

/** HTTPS_PROXY and its like are obeyed, but never for this machine itself, as with docker. */
function newAgent(url: URL) {
  const options = { keepAlive: true, ...(!isLoopback(url.hostname) && { proxyEnv: process.env }) };
  const [http, https] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')];
  return url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}
