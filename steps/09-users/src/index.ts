import * as previous from 'step-08';
import {
  commitCommand,
  defaultRootfsPath,
  diffCommand,
  execCommand,
  mountCommands,
  type Step,
  type Subcommand,
} from 'step-08';
import { byItsUsers, execPlan } from './exec.ts';
import { asItsOwn } from './kept.ts';
import { withoutBridges } from './network/bridges.ts';
import { prepareNetwork } from './network/network.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';
import { enterAsRoot } from './rootless/become.ts';
import { namespacePlan } from './rootless/namespace.ts';
import { ownMaps } from './rootless/own-maps.ts';

export * from 'step-08';
export * from './bound.ts';
export { execPlan } from './exec.ts';
export * from './idmapped.ts';
export * from './maps.ts';
export { type Flags, type Options, options, read } from './options.ts';
export { pidfdOf, whenEnded } from './pidfd.ts';
export { plan } from './plan.ts';
export { nthRange, type Range } from './ranges/range.ts';
export { staysInShared } from './rootless/shared.ts';
export { userNamespaceOf } from './throwaway.ts';
export * from './user-namespace.ts';
export * from './writing.ts';

/** Those of earlier steps that have to do with a container's users. */
const OURS: readonly Subcommand[] = [
  execCommand(execPlan),
  ...mountCommands(byItsUsers),
  diffCommand(asItsOwn),
  commitCommand(asItsOwn),
];

/** What an ordinary user of step 8 does as such: but here the files of an image may have any owner. */
const CHANGES_FILES = ['image rm', 'image prune'];

/** Step 09 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-09',
  title: 'root inside, nobody outside: the user namespace',
  options,
  read,
  plan,
  asRoot: enterAsRoot,
  becomesRoot: () => (process.geteuid?.() === 0 ? undefined : namespacePlan(ownMaps())),
  commands: previous.step.commands
    .map((before) => OURS.find(({ name }) => name === before.name) ?? before)
    .map((command) => (CHANGES_FILES.includes(command.name) ? asRoot(command) : command))
    .map(withoutBridges),
  async prepare(wanted, say) {
    const options = { ...wanted, ...(await previous.step.prepare(wanted, say)) };
    return prepareNetwork(await prepare(options), say);
  },
  demo: () => [
    {
      says: 'Root inside, and to the host a user whom nobody else is:',
      run: ['--network', 'none', defaultRootfsPath(), 'sh', '-c', 'id -u; cat /proc/self/uid_map'],
    },
    {
      says: 'It has every capability there, and none that is good for the host:',
      run: [
        ...['--network', 'none', defaultRootfsPath(), 'sh', '-c'],
        'grep CapEff /proc/self/status; mount -t tmpfs mine /tmp && echo mounted; mknod /tmp/disk b 8 0; :',
      ],
    },
    {
      says: 'The same with the users of the host, as in step 8:',
      run: ['--network', 'none', '--userns', 'host', defaultRootfsPath(), 'cat', '/proc/self/uid_map'],
    },
  ],
};

function asRoot(command: Subcommand): Subcommand {
  return { ...command, needsRoot: process.geteuid?.() !== 0 };
}
