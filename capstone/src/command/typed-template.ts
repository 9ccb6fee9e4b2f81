import { Misuse, templateOf } from 'step-10';

/** The template that a command line gives. @throws {Misuse} with docker's exit status of 64, if it is none */
export function typedTemplate(format: string): ReturnType<typeof templateOf> {
  try {
    return templateOf(format === 'json' ? '{{json .}}' : format);
  } catch (error) {
    throw new Misuse((error as Error).message, 64);
  }
}
