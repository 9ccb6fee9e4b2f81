import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ApiPage, apiPages, type Package } from './api.ts';

/** What typedoc reads, and what makes pages of it. */
const READ = [
  'shared-native/src/**/*.ts',
  'steps/*/src/**/*.ts',
  'capstone/src/**/*.ts',
  'docs/site/{api,api-uses,imported-names}.ts',
  'pnpm-lock.yaml',
];

/** The API's pages, which typedoc takes seconds for: again only when a file that it reads has changed. */
export async function keptApi(root: string, packages: readonly Package[]): Promise<ApiPage[]> {
  const hash = createHash('sha256').update(JSON.stringify(packages));
  for (const path of globSync(READ, { cwd: root }).sort())
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  const kept = join(root, 'node_modules/.cache/boxstep-api.json');
  const key = hash.digest('hex');
  const [there, pages] = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as [string, ApiPage[]]) : [];
  if (there === key && pages) return pages;
  const made = await apiPages(root, packages);
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify([key, made]));
  return made;
}
