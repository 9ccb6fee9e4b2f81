import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from '../../submission/door.ts';
import { type Bytes, raw, within } from '../../submission/names.ts';

/**
 * When the commit was made that a clone stands on, by its committer, who may have set their clock back. A clone's own
 * configuration can name programs for git to run: so git is started in a repository of ours, and sees of the clone its
 * objects alone.
 */
export class GitTimes {
  readonly #place = mkdtempSync(join(tmpdir(), 'boxstep-git-'));
  #ready = false;

  /** In milliseconds since 1970; undefined where it is no clone, or git isn't there. */
  of(directory: Bytes): number | undefined {
    try {
      const head = headOf(directory);
      if (head === undefined) return undefined;
      if (!this.#ready) this.#git(['init', '--quiet', '--bare', this.#place]);
      this.#ready = true;
      const objects = raw(within(directory, '.git/objects')).toString();
      const commit = this.#git(['--git-dir', this.#place, 'cat-file', 'commit', head], objects);
      const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(commit)?.[1];
      return seconds === undefined ? undefined : Number(seconds) * 1000;
    } catch {
      return undefined;
    }
  }

  #git(words: readonly string[], objects = ''): string {
    const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    return execFileSync('git', words, {
      env: { ...env, HOME: this.#place, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects },
      encoding: 'utf8',
      timeout: 10_000,
      maxBuffer: 1024 ** 2,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/** The commit's name, by the files that say so. */
function headOf(directory: Bytes): string | undefined {
  const read = (file: string) => readFile(directory, `.git/${file}`)?.toString();
  const head = read('HEAD')?.trim() ?? '';
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  if (ref === undefined || ref.includes('..')) return hash(head);
  const packed = read('packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return hash(read(ref)?.trim() ?? packed?.split(' ')[0] ?? '');
}

function hash(text: string): string | undefined {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : undefined;
}
