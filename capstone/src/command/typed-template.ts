import { templateOf } from 'step-10';
import { orMisuse } from './or-misuse.ts';

/** The template that a command line gives. @throws {Misuse} with docker's exit status of 64, if it is none */
export function typedTemplate(format: string): ReturnType<typeof templateOf> {
  return orMisuse(() => templateOf(format === 'json' ? '{{json .}}' : format), 64);
}
