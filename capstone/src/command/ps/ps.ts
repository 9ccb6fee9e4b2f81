import { listing, put, say, TemplateError } from 'step-10';
import { list } from '../../containers/find.ts';
import { stateOf } from '../../containers/state.ts';
import { readHealth } from '../../health/state.ts';
import { sayErrors } from '../say-errors.ts';
import { chosen, filtersOf } from './filters.ts';
import { BLANK, layout, rowOf, shownId } from './row.ts';

interface Flags {
  readonly all?: boolean;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly last?: number;
  readonly latest?: boolean;
  readonly quiet?: boolean;
  readonly size?: boolean;
  /** False for `--no-trunc`. */
  readonly trunc: boolean;
}

/** Lists containers, the newest first. @returns 1 if there are some that can't be read */
export async function ps({ filter = [], format, latest, last = latest ? 1 : -1, ...flags }: Flags): Promise<number> {
  const { all = false, quiet = false, trunc } = flags;
  if (quiet && format) say('WARNING: Ignoring custom format, because both --format and --quiet are set.');
  if (format && format !== 'json') tryTemplate(format);
  const filters = filtersOf(filter);
  const { records, errors } = list();
  const seen = records.map((record) => ({ record, state: stateOf(record), health: readHealth(record) }));
  const found = chosen(seen, filters, { all, last });
  if (quiet) put(found.map(({ record }) => `${shownId(record, trunc)}\n`).join(''));
  else {
    const sized = flags.size ?? /\.Size\b|\bjson +\. *\}\}/.test(format ?? '');
    const sizesOf = sized ? (await import('../../shown/size.ts')).sizesOf : undefined;
    const images = new Map<string, string | undefined>();
    const rows = found.map((one) => rowOf(one, { trunc, images, ...(sizesOf && { sizes: sizesOf(one.record) }) }));
    put(listing(rows, layout(sized), format || 'table'));
  }
  return sayErrors(errors);
}

/** docker's `ps` first fills in a template with nothing, to see which fields it needs. @throws {Error} in its words */
function tryTemplate(format: string): void {
  const trying = (rows: readonly (typeof BLANK)[], what: string) => {
    try {
      listing(rows, layout(false), format);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new Error(`failed to ${what} template: ${(error.cause as Error).message}`, { cause: error });
    }
  };
  trying([], 'parse');
  trying([BLANK], 'execute');
}
