import { networkCommands, type Subcommand, step, volumeCommands } from 'step-10';
import { attachCommand } from './command/attach.ts';
import { builderCommand } from './command/builder.ts';
import { completionCommand } from './command/completion.ts';
import { contextCommands, pluginCommands } from './command/context.ts';
import { cpCommand } from './command/cp.ts';
import { createCommand } from './command/create.ts';
import { execCommand } from './command/exec.ts';
import { exportCommand } from './command/export.ts';
import { killCommand } from './command/kill.ts';
import { loginCommand, logoutCommand } from './command/login.ts';
import { logsCommand } from './command/logs.ts';
import { lookingCommands, systemCommands } from './command/looking.ts';
import { networkCommandsOfOurs } from './command/network.ts';
import { ociCommand } from './command/oci.ts';
import { pauseCommands } from './command/pause.ts';
import { planCommand } from './command/plan.ts';
import { portCommand } from './command/port.ts';
import { pruneCommand } from './command/prune.ts';
import { pullCommand } from './command/pull.ts';
import { pushCommand } from './command/push.ts';
import { renameCommand } from './command/rename.ts';
import { rmCommand } from './command/rm.ts';
import { runCommand } from './command/run.ts';
import { searchCommand } from './command/search.ts';
import { startCommand } from './command/start.ts';
import { restartCommand, stopCommand } from './command/stop.ts';
import { swarmCommands } from './command/swarm.ts';
import { updateCommand } from './command/update.ts';
import { waitCommand } from './command/wait.ts';
import { keepersOf } from './containers/keepers.ts';
import type { BoxRecord } from './containers/record.ts';
import { members } from './network/members.ts';

// #region the table
/** The commands that begin with `container`, too: `container run` is `run`. */
const ofContainers: readonly Subcommand[] = [
  runCommand,
  createCommand,
  startCommand,
  stopCommand,
  restartCommand,
  killCommand,
  rmCommand,
  waitCommand,
  renameCommand,
  updateCommand,
  ...pauseCommands,
  portCommand,
  ...lookingCommands,
  attachCommand,
  logsCommand,
  byId('exec'),
  byId('diff'),
  byId('commit'),
  cpCommand,
  exportCommand,
];

/** All of docker's that there are here. */
export const commands: readonly Subcommand[] = [
  ...both('container', ofContainers),
  planCommand,
  pruneCommand,
  builderCommand,
  ...both('image', ofSteps('image history', 'image tag', 'image save', 'image load', 'image import')),
  ...both('image', [pullCommand, pushCommand]),
  loginCommand,
  logoutCommand,
  searchCommand,
  ...ofSteps('image ls', 'image inspect', 'image prune', 'image rm'),
  ...systemCommands,
  as('images', 'image ls'),
  as('rmi', 'image rm'),
  ...networkCommands(members),
  ...networkCommandsOfOurs,
  ...volumeCommands(keepersOf),
  ...swarmCommands,
  ...contextCommands,
  ...pluginCommands,
  byId('mount'),
  byId('umount'),
  byId('audit'),
  completionCommand(() => commands),
  ociCommand,
].flatMap((command) => [command, ...otherNames(command)]);
// #endregion

/** docker's `container remove` for `container rm`, and `container ps` and `list` for `container ls`. */
function otherNames(command: Subcommand): Subcommand[] {
  const [group, name] = command.name.split(' ');
  const others = { ls: group === 'container' ? ['list', 'ps'] : ['list'], rm: ['remove'] }[name ?? ''] ?? [];
  return others.map((other) => ({ ...command, name: `${group} ${other}`, hidden: true }));
}

/** Each by itself, and as one of a group: `rm` and `container rm`. What is `ps` by itself is `ls` in its group. */
function both(group: string, all: readonly Subcommand[]): Subcommand[] {
  return all.flatMap((command) => {
    const name = command.name.replace(`${group} `, '');
    return [
      { ...command, name },
      { ...command, name: `${group} ${name === 'ps' ? 'ls' : name}` },
    ];
  });
}

/** A step's command under docker's other name for it. */
function as(name: string, its: string): Subcommand {
  return { ...ofStep(its), name };
}

function ofSteps(...names: readonly string[]): Subcommand[] {
  return names.map(ofStep);
}

function ofStep(name: string): Subcommand {
  const found = step.commands.find((one) => one.name === name);
  if (!found) throw new Error(`no step has a command "${name}"`);
  return found;
}

/** Those that need a container that runs. */
const RUNNING: readonly string[] = ['exec', 'mount', 'umount', 'audit'];

/** A step's command, whose first argument is a container's name: the steps know a container by its id. */
export function byId(name: string): Subcommand {
  const command = name === 'exec' ? execCommand(ofStep(name)) : ofStep(name);
  const [, ...others] = command.positionals;
  return {
    ...command,
    positionals: [['<container>', 'its name or id'], ...others],
    async run(flags, [called = '', ...rest]) {
      const record = await foundFor(name, called);
      return command.run(flags, [record.id, ...rest]);
    },
  };
}

/** The container that a step's command is for. @throws {Error} if that takes one that runs, and it doesn't */
export async function foundFor(name: string, called: string): Promise<BoxRecord> {
  const { find } = await import('./containers/find.ts');
  const record = find(called);
  if (!RUNNING.includes(name)) return record;
  const [{ isUp, stateOf, waitsToRestart }] = await Promise.all([
    import('./containers/state.ts'),
    import('./journals.ts'), // with which the steps find a container whose journal is gone
  ]);
  const state = stateOf(record);
  if (state.status === 'restarting') throw new Error(waitsToRestart(record.id));
  if (!isUp(state)) throw new Error(`container ${record.id} is not running`);
  if (name === 'exec' && state.status === 'paused')
    throw new Error(`Container ${called} is paused, unpause the container before exec`);
  return record;
}
