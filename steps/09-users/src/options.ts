import type { Command } from 'commander';
import * as previous from 'step-08';
import { each, isUsers, type Ulimit } from 'step-08';
import { parseIdMap } from './flags/id-map.ts';
import { parseUserns, SIZE, type Userns } from './flags/userns.ts';
import { type UserFlags, wantedUserns } from './flags/wanted.ts';
import type { Maps } from './maps.ts';
import { assertNoBridge } from './network/bridges.ts';
import type { NetworkProgram } from './network/program.ts';
import { userNamespace } from './user-namespace.ts';
import { keptIds } from './whose.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** Whose ids it is to have. */
  readonly userns: Userns;
  /** Was that said by a flag? */
  readonly usernsGiven: boolean;
  /** Who is who in a user namespace of its own: known when it is prepared. */
  readonly maps: Maps | undefined;
  /** What gives it a network, if it is an ordinary user's. */
  readonly networkBy: NetworkProgram | undefined;
  /** The descriptor of a user namespace with these maps, for ID-mapped mounts; a number for the plan until it is prepared. */
  readonly idmap: number;
  /** Limits to be raised while that is possible: known when it is prepared. */
  readonly raised: readonly Ulimit[];
  /** Are its files copies with other owners, since there can be no such mounts? */
  readonly copied: boolean;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & UserFlags;

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 09, users:')
    .option(
      '--userns <mode>',
      "the users that it has: auto[:size=NUMBER] (ids that nobody else has; root's default), host, keep-id[:uid=NUMBER,gid=NUMBER]",
      parseUserns,
    )
    .option('--uidmap <container:host:size>', "map its users to the host's", each(parseIdMap('--uidmap')))
    .option('--gidmap <container:host:size>', 'the same for groups', each(parseIdMap('--gidmap')))
    .option('--subuidname <name>', 'the ids that /etc/subuid gives to a name')
    .option('--subgidname <name>', 'the groups that /etc/subgid gives to a name');
}

/** The options that the flags and arguments of a command line mean. @throws {Error} if flags contradict each other */
export function read(flags: Flags, positionals: readonly string[]): Options {
  if (process.geteuid?.() !== 0) process.env.BOXSTEP_UID ??= String(process.geteuid?.()); // so plan shows what run does
  const wanted = wantedUserns(flags);
  const { isFirst } = userNamespace();
  const before = previous.read(flags, positionals);
  assertNoBridge(before.networks);
  return {
    ...before,
    user: before.user || itself(wanted),
    userns: wanted ?? usual(isFirst),
    usernsGiven: wanted !== undefined,
    maps: undefined,
    networkBy: isUsers() ? 'pasta' : undefined,
    raised: [],
    idmap: 3, // as if it were the first that is opened
    copied: !isFirst, // only the first has power over filesystems
  };
}

/** With keep-id it runs as the user who typed the command, unless a flag or its image names another. */
function itself(wanted: Userns | undefined): string {
  if (wanted?.mode !== 'keep-id') return '';
  const { uid, gid } = keptIds(userNamespace(), wanted);
  return `${uid}:${gid}`;
}

/** Root's containers have users of their own. What already is root of nothing but a user namespace needs no other. */
function usual(isFirst: boolean): Userns {
  return isFirst ? { mode: 'auto', size: SIZE } : { mode: 'host' };
}
