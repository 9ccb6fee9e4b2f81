import { fill, put, type Struct, say, TemplateError } from 'step-10';
import { typedTemplate } from '../typed-template.ts';

/** What a template makes of a struct. docker puts an end to the line, also when a field isn't there. @returns the exit status */
export function toldAs(format: string, struct: Struct): number {
  const template = typedTemplate(format);
  try {
    put(`${fill(template, struct, false)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    put('\n');
    say((error.cause as Error).message);
    return 1;
  }
}
