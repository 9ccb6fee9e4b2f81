import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { errnoText } from 'shared-native';
import { type Plan, typedPath } from 'step-10';
import type { BoxRecord } from '../../containers/record.ts';
import { create, optionsOf } from '../../create.ts';
import { planOf, withoutPrompt } from '../../plan.ts';
import { provideImage } from '../../registry/index.ts';
import { orMisuse } from '../or-misuse.ts';
import { type CreateFlags, wantedBy } from '../run-flags.ts';

/** Makes the container that a command line asks for. @throws {Error} that says what keeps it from being */
export async function createAsAsked(flags: CreateFlags, positionals: readonly string[]): Promise<BoxRecord> {
  const wanted = orMisuse(() => wantedBy(flags, positionals));
  const { pull = 'missing', platform, quiet } = flags;
  await provideImage(positionals[0] ?? '', { pull, platform, quiet });
  if (flags.cidfile === undefined) return create(wanted);
  return withCidfile(flags.cidfile, () => create(wanted));
}

/** The plan of the container that a command line asks for. @throws {Error} that says what keeps it from being */
export async function plannedAsAsked(flags: CreateFlags, positionals: readonly string[]): Promise<Plan> {
  const wanted = orMisuse(() => wantedBy(flags, positionals));
  const [image = ''] = positionals;
  await provideImage(image, { pull: 'never' }).catch(({ message }: Error) => {
    throw new Error(`${message}, and its plan depends on it: first, pull ${image}`);
  });
  return planOf(wanted, withoutPrompt(optionsOf(flags.name ?? 'container', wanted)));
}

/** Writes the id to a file that isn't there yet. Where there is no container, there is no file, either. */
function withCidfile(typed: string, making: () => BoxRecord): BoxRecord {
  const path = typedPath(typed);
  const file = openCidfile(path, typed);
  try {
    const record = making();
    writeFileSync(file, record.id);
    return record;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function openCidfile(path: string, typed: string): number {
  try {
    return openSync(path, 'wx', 0o644);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new Error(`failed to create the container ID file: open ${typed}: ${errnoText(code)}`);
    throw new Error(`container ID file found, make sure the other container isn't running or delete ${typed}`);
  }
}
