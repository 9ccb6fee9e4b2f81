import type { Endpoint } from '../endpoint.ts';
import { RegistryError } from './error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: "no name server answers, so the host isn't found",
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to its network',
  EPROTO: "it doesn't speak TLS: if it may be without, name it in insecure-registries",
  ETIMEDOUT: "it doesn't answer",
};

/** Why a registry couldn't be asked, in a sentence. */
export function whyNot(error: unknown, { server }: Endpoint, what: string): Error {
  if (error instanceof RegistryError || (error as Error).name === 'AbortError') return error as Error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const why = REASONS[code] ?? certificateFault(code, message, server) ?? message;
  return new RegistryError(`${what}: ${server} can't be reached: ${[code, why].filter(Boolean).join(': ')}`, {
    cause: error,
  });
}

function certificateFault(code: string, message: string, server: string): string | undefined {
  if (!/SELF_SIGNED|SIGNATURE|ISSUER/.test(code)) return undefined; // no authority would put the others right
  return `${message}: put the certificate that it's signed with in /etc/docker/certs.d/${server}/ca.crt, or name it in insecure-registries`;
}
