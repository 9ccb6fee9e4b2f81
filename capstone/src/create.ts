import { closeSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import {
  containerPath,
  directoriesIn,
  type Flags,
  makeDirectories,
  type Options,
  read,
  recordOf,
  state,
  step,
} from 'step-10';
import { tell } from './containers/event.ts';
import { find } from './containers/find.ts';
import { dropName, NameTaken, takeName, whileNaming } from './containers/names.ts';
import { randomBytes } from './containers/random-bytes.ts';
import { randomName } from './containers/random-name.ts';
import { type BoxRecord, configPath, type ToldOptions, writeRecord } from './containers/record.ts';
import { type HealthFlags, healthcheckOf } from './health/flags.ts';
import { inNetworks, type LinkFlags, linksOf } from './links/flags.ts';
import { rememberLinks } from './links/users.ts';
import { attributesOf } from './log/attributes.ts';
import { logOptions } from './log/options.ts';
import { withVolumes } from './make-volumes.ts';
import { ofOthers, withTheirMounts } from './others.ts';

/** What a container is to be like. */
export interface Wanted
  extends Pick<
    BoxRecord,
    | 'labels'
    | 'annotations'
    | 'v1Limits'
    | 'cgroupParent'
    | 'restart'
    | 'autoRemove'
    | 'init'
    | 'stopSignal'
    | 'stopTimeout'
    | 'logging'
  > {
  /** The name that people will use; a random one unless given. */
  readonly name?: string;
  /** The flags of step 10's `run`, as commander gives them. */
  readonly flags: Flags & HealthFlags & LinkFlags;
  /** An image, a directory or an archive; then what to run in it. */
  readonly positionals: readonly string[];
}

// #region a container that doesn't run
/**
 * Makes a container: a directory with its record, a name, and its volumes, which are filled at its first start. All are there, or
 * nothing is.
 *
 * @throws {NameTaken}; {Error} if flags contradict each other, no log can be written like this, or there is no such image
 */
export function create(wanted: Wanted): BoxRecord {
  logOptions(wanted.logging); // or it would be there, and every start of it would fail
  const id = randomBytes(32).toString('hex');
  const options = optionsOf(id, wanted);
  const links = linksOf(options, wanted.flags, find);
  attributesOf(recordFor(id, '', options, wanted)); // or every start would fail at these, too
  const made = makeDirectory(id);
  try {
    rememberLinks({ id, links });
    const record = inPlace(
      id,
      (name) => ({ ...recordFor(id, name, options, wanted), ...(links.length > 0 && { links }) }),
      wanted.name,
    );
    tell('create', record);
    return record;
  } catch (error) {
    rmSync(placeOfMaking(id), { recursive: true, force: true });
    throw error;
  } finally {
    closeSync(made);
  }
}
// #endregion

/** What a container of an id is to be like. @throws {Error} if flags contradict each other, or there is no such image */
export function optionsOf(id: string, { flags, positionals }: Pick<Wanted, 'flags' | 'positionals'>): Options {
  const missing: Error[] = [];
  const asked = ofOthers(inNetworks(flags), (called) => idOr(called, missing));
  const all = read({ ...asked, ...usersOf(flags), name: id, keep: true }, positionals);
  if (missing[0]) throw missing[0]; // not before: docker says first what contradicts what
  const options = withTheirMounts(all, find);
  const typed = { ...options.typed, flags: asked }; // that is what is shown: nobody asked for the rest
  return { ...options, typed, ...(options.hostname === id.slice(0, 63) && { hostname: id.slice(0, 12) }) };
}

function idOr(called: string, missing: Error[]): string {
  try {
    return find(called).id;
  } catch (error) {
    missing.push(error as Error);
    return called;
  }
}

/** Unless a flag says otherwise, the host's, as docker has it: what a container wrote has the same owners at each start. */
function usersOf({ userns, uidmap, gidmap, subuidname, subgidname }: Flags): Pick<Flags, 'userns'> {
  return [userns, uidmap, gidmap, subuidname, subgidname].some(Boolean) ? {} : { userns: { mode: 'host' } };
}

function recordFor(id: string, name: string, options: Options, wanted: Wanted): BoxRecord {
  const {
    labels,
    annotations = {},
    v1Limits = {},
    cgroupParent,
    restart,
    autoRemove,
    init,
    stopSignal,
    stopTimeout,
    logging,
  } = wanted;
  const image = options.image?.config.config;
  const healthcheck = healthcheckOf(wanted.flags, image?.Healthcheck);
  const toStop = stopSignal ?? step.stopSignal?.(options);
  return {
    ...recordOf(options),
    id,
    name,
    created: Date.now(),
    imageName: wanted.positionals[0] ?? '',
    options: told(options),
    labels: { ...image?.Labels, ...labels },
    annotations,
    v1Limits,
    ...(cgroupParent && { cgroupParent }),
    restart,
    autoRemove,
    init,
    ...(toStop !== undefined && { stopSignal: toStop }),
    ...(stopTimeout !== undefined && { stopTimeout }),
    logging,
    ...(healthcheck && { healthcheck }),
    stopped: false,
    run: { status: 'created' },
  };
}

function told({ hierarchies: _, machine: _m, kernel: _k, ...options }: Options): ToldOptions {
  return options;
}

/** While it is made, it has a lock: what a killed command leaves can be locked, and `prune` removes it. */
function makeDirectory(id: string): number {
  const directory = placeOfMaking(id);
  makeDirectories(dirname(directory), 0o700);
  makeDirectories(dirname(containerPath(id)), 0o755);
  mkdirSync(directory, { mode: 0o700 }); // or every user of the host could run what a container makes set-user-ID
  const lock = openSync(directory, 'r');
  perform(flock(lock, LOCK_EX));
  for (const one of Object.values(directoriesIn(directory))) mkdirSync(one, { mode: 0o755 });
  return lock;
}

/** Puts it in its place under a name that nobody has, with its volumes: nobody removes those, once it is there. */
function inPlace(id: string, record: (name: string) => BoxRecord, wanted?: string): BoxRecord {
  for (let tries = 0; ; tries++) {
    const made = record(wanted ?? randomName(tries));
    writeRecord(made, join(placeOfMaking(id), 'config.json'));
    try {
      whileNaming(() => underItsName(made));
      return made;
    } catch (error) {
      if (wanted !== undefined || !(error instanceof NameTaken) || tries === 5) throw error;
    }
  }
}

function underItsName({ id, name, options }: BoxRecord): void {
  takeName(name, id);
  try {
    withVolumes(options, () => renameSync(placeOfMaking(id), dirname(configPath(id))));
  } catch (error) {
    dropName(name, id);
    throw error;
  }
}

/** Where containers are made, and removed, out of sight. */
export function placeOfMaking(id: string): string {
  return join(state().data, 'containers-changing', id);
}
