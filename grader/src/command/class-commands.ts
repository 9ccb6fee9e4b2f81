import type { Command } from 'commander';
import { type AlikeOptions, type BookOptions, withBook } from './class-options.ts';

/** Adds `merge`, which joins what `grade --all` left, `course`, which adds up the steps, and `alike`, which compares it. What they do is loaded when it is wanted. */
export function classCommands(program: Command): void {
  const merge = program
    .command('merge <results...>')
    .description('joins the results of all shards of a class')
    .requiredOption('--out <folder>', 'where to');
  withBook(merge).action(async (folders: string[], options: BookOptions & { out: string }) => {
    const { mergeAll } = await import('./class.ts');
    mergeAll(folders, options);
  });
  program
    .command('course <results...>')
    .description('the grades of several steps, and what they come to by the weights in class.yml')
    .option('--class <file>', "the class's rules; without it, each step counts the same")
    .requiredOption('--out <file>', 'the CSV file to write')
    .action(async (folders: string[], options: { class?: string; out: string }) => {
      const { gradeCourse } = await import('./class.ts');
      gradeCourse(folders, options);
    });
  program
    .command('alike <step> <results>')
    .description('whose solutions are the same but for names, spaces and order: for a person to look at')
    .option('--earlier <results...>', 'results of earlier classes, to compare with')
    .option('--least <percent>', 'how much they have in common at least', Number, 80)
    .option('--jplag <folder>', 'also writes what JPlag reads')
    .action(async (number: string, results: string, options: AlikeOptions) => {
      const { compare } = await import('./alike.ts');
      compare(number, results, options);
    });
}
