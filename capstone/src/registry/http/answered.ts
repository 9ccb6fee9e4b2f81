import { RegistryError } from './error.ts';
import { type Answer, textOf } from './send.ts';

/** Bytes that are read of what a registry says of an error. */
const LONGEST = 64 << 10;

/**
 * The error that an answer is.
 *
 * @see {@link https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes | error codes}
 */
export async function errorOf(answer: Answer, what: string): Promise<RegistryError> {
  const { status, url } = answer;
  const text = await textOf(answer, LONGEST).catch(() => Buffer.alloc(0));
  const { code, message } = saidIn(text.toString());
  const said = [code.toLowerCase().replaceAll('_', ' '), message].filter((part) => part !== '').join(': ');
  return new RegistryError(`${what}: ${url.host} answered ${status}${said === '' ? '' : `, ${said}`}`, {
    status,
    code,
    said,
  });
}

/** What a body says of an error: made of JSON by the specification, or by a token server. Control characters are no words. */
function saidIn(text: string): { code: string; message: string } {
  try {
    const { errors: [first] = [], details, message = details } = JSON.parse(text);
    return { code: String(first?.code ?? ''), message: plain(String(first?.message ?? message ?? '')) };
  } catch {
    return { code: '', message: '' };
  }
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').slice(0, 300);
}
