import type { Command } from 'commander';
import { put, type Subcommand, say } from 'step-10';
import { notHere } from '../usage/no-command.ts';

/** docker's commands that take a swarm, by group, with their arguments. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  swarm: {
    ...{ ca: [], init: [], join: ['<address>'], 'join-token': ['<role>'], leave: [], unlock: [], 'unlock-key': [] },
    update: [],
  },
  node: {
    ...{ demote: ['<node...>'], inspect: ['<node...>'], ls: [], promote: ['<node...>'], ps: ['[node...]'] },
    ...{ rm: ['<node...>'], update: ['<node>'] },
  },
  service: {
    ...{ create: ['<image>', '[arg...]'], inspect: ['<service...>'], logs: ['<service>'], ls: [] },
    ...{ ps: ['<service...>'], rm: ['<service...>'], rollback: ['<service>'], scale: ['<service=replicas...>'] },
    update: ['<service>'],
  },
  stack: {
    ...{ config: [], deploy: ['<stack>'], ls: [], ps: ['<stack>'], rm: ['<stack...>'], services: ['<stack>'] },
  },
  config: { create: ['<config>', '<file>'], inspect: ['<config...>'], ls: [], rm: ['<config...>'] },
  secret: { create: ['<secret>', '[file]'], inspect: ['<secret...>'], ls: [], rm: ['<secret...>'] },
};

/** The names of those groups. */
export const SWARM_GROUPS: readonly string[] = Object.keys(COMMANDS);

const WHY = 'containers of one machine are all there is, without a swarm';
const NO_MANAGER =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const NO_MEMBER = 'This node is not part of a swarm';

/** Answer as docker does on a machine that is in no swarm, and say that none can be made here. */
export const swarmCommands: readonly Subcommand[] = Object.entries(COMMANDS).flatMap(([group, all]) =>
  Object.entries(all).map(([name, positionals]) => ({
    name: `${group} ${name}`,
    description: 'not here: it takes a swarm',
    positionals: positionals.map((one) => [one, 'of the swarm'] as const),
    needsRoot: false,
    failure: 1,
    options: (command) => refuseWords(command.allowUnknownOption(), positionals.length === 0),
    run() {
      if (name === 'inspect') put('[]\n');
      say(answer(group, name));
      return 1;
    },
  })),
);

/** Flags of these commands aren't known, so neither is which words are their values. */
function refuseWords(command: Command, takesNone: boolean): Command {
  return command.allowExcessArguments().hook('preAction', (its) => {
    if (takesNone && its.args[0] !== undefined && !its.args[0].startsWith('-'))
      its.error('too many arguments', { code: 'commander.excessArguments' });
  });
}

function answer(group: string, name: string): string {
  const why = notHere(group, WHY);
  const command = `${group} ${name}`;
  if (['swarm init', 'swarm join'].includes(command)) return why;
  return `${['swarm leave', 'swarm unlock'].includes(command) ? NO_MEMBER : NO_MANAGER}\n${why}`;
}
