import { globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './markdown.ts';

/** Where the workspace's own Markdown is; `homework/` is made from it, and students may write there what they like. */
const PLACES = ['*.md', 'capstone/*.md', 'docs/**/*.md', 'shared-native/*.md', 'steps/*/*.md', 'test/*.md'];

/** Every README of the workspace, and every page of its docs, by absolute path. */
export function readmes(root = ROOT): string[] {
  const isOurs = (path: string) => !path.split('/').includes('node_modules');
  return globSync(PLACES, { cwd: root })
    .filter(isOurs)
    .sort()
    .map((path) => join(root, path));
}
