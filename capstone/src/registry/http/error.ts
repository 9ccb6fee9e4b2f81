/** Something that a registry answered, or didn't. Another one, a mirror, may do better. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  /** Of HTTP; 0 if there was no answer. */
  readonly status: number;
  /** What the registry calls it, such as MANIFEST_UNKNOWN. */
  readonly code: string;
  /** In the registry's own words. */
  readonly said: string;

  constructor(message: string, { status = 0, code = '', said = '', cause }: Partial<Answered> = {}) {
    super(plain(message), { cause });
    this.status = status;
    this.code = code;
    this.said = plain(said);
  }
}

/** A sentence may quote a registry. Control characters are left out: a terminal would obey them. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]+/gu, ' ');
}

interface Answered {
  readonly status: number;
  readonly code: string;
  readonly said: string;
  readonly cause: unknown;
}
