import { execute } from './template/execute.ts';
import { FUNCTIONS } from './template/functions.ts';
import { type Node, parse } from './template/parse.ts';

/** A template that can't be read, or not be filled in. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(cause: unknown) {
    super(`template parsing error: ${(cause as Error).message}`, { cause });
  }
}

/** A template that was read. */
export interface Template {
  readonly text: string;
  readonly nodes: readonly Node[];
}

/** Reads a template of Go's, with docker's functions besides. @throws {TemplateError} if it is none */
export function templateOf(text: string): Template {
  try {
    return { text, nodes: parse(text, Object.keys(FUNCTIONS)) };
  } catch (error) {
    throw new TemplateError(error);
  }
}

/**
 * Fills in a template as docker's `inspect` does it: `{{.Config.Cmd}}`, `{{json .}}`, `{{range .Layers}}…{{end}}`,
 * `{{if .Tag}}…{{else}}…{{end}}`, `{{join .Cmd ","}}`, `{{.Name | upper}}`. Where the structs that the data is made of don't
 * have a field, its JSON may.
 *
 * @param hasJson - false for what docker asks no JSON of
 * @throws {TemplateError} if it can't be read, or names a field that isn't there
 * @see {@link https://docs.docker.com/engine/cli/formatting/ | Format command and log output}
 */
export function fill(template: string | Template, data: unknown, hasJson = true): string {
  const { text, nodes } = typeof template === 'string' ? templateOf(template) : template;
  if (!hasJson) return filled({ text, nodes }, data, { functions: FUNCTIONS });
  try {
    return execute(text, nodes, data, { functions: FUNCTIONS });
  } catch {
    return filled({ text, nodes }, JSON.parse(JSON.stringify(data)), { functions: FUNCTIONS, strict: true });
  }
}

/** Fills in a template that was read. @throws {TemplateError} if it can't be */
export function filled({ text, nodes }: Template, data: unknown, filling: Parameters<typeof execute>[3]): string {
  try {
    return execute(text, nodes, data, filling);
  } catch (error) {
    throw new TemplateError(error);
  }
}
