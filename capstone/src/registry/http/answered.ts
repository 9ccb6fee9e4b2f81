import { z } from 'zod';
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

/** Most registries keep to this; token servers may have no list, and only one of the other words. */
const SAYS = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string().catch(''), message: z.string().catch('') })).catch([]),
  message: z.string().catch(''),
  details: z.string().catch(''),
});

/** What a body says of an error. */
function saidIn(text: string): { code: string; message: string } {
  try {
    const { errors: [first] = [], message, details } = SAYS.parse(JSON.parse(text));
    return { code: first?.code ?? '', message: (first?.message || message || details).slice(0, 300) };
  } catch {
    return { code: '', message: '' };
  }
}
