import { RegistryError } from './error.ts';
import type { Unreached } from './send.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: "no name server answers, so the host isn't found",
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to its network',
  EPROTO: "it doesn't speak TLS: if it may be without, name it in insecure-registries",
  ETIMEDOUT: "it doesn't answer",
};

/** Why a host couldn't be asked, in a sentence. An error that isn't the connection's already says what it is. */
export function whyNot(error: unknown, what: string): Error {
  const { code = '', message, host } = error as Partial<Unreached> & Error;
  if (host === undefined || (error as Error).name === 'AbortError') return error as Error;
  const why = REASONS[code] ?? certificateFault(code, message, host) ?? message;
  return new RegistryError(`${what}: ${host} can't be reached: ${[code, why].filter(Boolean).join(': ')}`, {
    cause: error,
  });
}

function certificateFault(code: string, message: string, host: string): string | undefined {
  if (!/SELF_SIGNED|SIGNATURE|ISSUER/.test(code)) return undefined; // no authority would put the others right
  return `${message}: put the certificate that it's signed with in /etc/docker/certs.d/${host}/ca.crt, or name it in insecure-registries`;
}
