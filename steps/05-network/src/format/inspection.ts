import { put, say } from 'step-04';
import { forHtml } from './listing.ts';
import { fill, type Template, templateOf } from './template.ts';

/** The exit status for a template that can't be read, as docker has it. */
const NO_TEMPLATE = 64;

/**
 * Tells all that is known of things: as JSON, or what a template makes of each. Then says what isn't there.
 *
 * @param names - what they are called
 * @param told - all that is known of one; throws if there is none
 * @param format - `json`, for a single line, or a template
 * @param hasJson - may a template name fields that only the JSON has?
 * @returns the exit status: 1 if one isn't there, or the template has no use for it
 */
export function inspection(
  names: readonly string[],
  told: (name: string) => object,
  format = '',
  hasJson = true,
): number {
  const isJson = format === '' || format === 'json';
  let template: Template | undefined;
  try {
    template = isJson ? undefined : templateOf(format);
  } catch (error) {
    say((error as Error).message);
    return NO_TEMPLATE;
  }
  const [found, errors]: [(object | string)[], Error[]] = [[], []];
  for (const name of names) {
    try {
      const one = told(name);
      found.push(template ? `${fill(template, one, hasJson)}\n` : one);
    } catch (error) {
      errors.push(error as Error);
    }
  }
  if (template) put(found.join('') || '\n');
  else put(`${forHtml(JSON.stringify(found, null, format === '' ? 4 : undefined))}\n`);
  for (const { message } of errors) say(message);
  return errors.length > 0 ? 1 : 0;
}
