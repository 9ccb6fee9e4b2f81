import { type Problem, told } from '../../test/readme/markdown.ts';

/** What is wrong with the sources of a site: all of it is told at once. */
export class Problems {
  readonly found: Problem[] = [];

  /** @param line - counted from 1 */
  add(file: string, line: number, message: string): void {
    this.found.push({ file, line, message });
  }

  /** @throws {Error} with every problem on a line of its own, if there is one */
  stop(): void {
    if (this.found.length > 0) throw new Error(this.found.map(told).join('\n'));
  }
}
