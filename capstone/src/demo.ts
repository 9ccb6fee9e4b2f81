import { defaultRootfsPath, type Showing } from 'step-10';

/** The container's name, and what it does until it's told to end. */
const NAME = 'demo';
const SCRIPT = 'trap "exit 5" TERM; echo hello; sleep 1000 & wait';

/** What `./boxstep demo` shows: a container from its start to its removal, by one command each. */
export const demo = (): Showing[] => [
  {
    says: 'A container that outlives the command that started it:',
    run: ['-d', '--name', NAME, '--network', 'none', defaultRootfsPath(), 'sh', '-c', SCRIPT],
  },
  { says: 'Other commands find it by its name:', command: 'ps', run: ['--filter', `name=${NAME}`] },
  { says: 'What it wrote is still there:', command: 'logs', run: [NAME] },
  { says: 'You can run a second command in it:', command: 'exec', run: [NAME, 'ps'] },
  { says: 'It can end in its own way:', command: 'stop', run: [NAME] },
  { says: 'Its exit status is known afterwards:', command: 'wait', run: [NAME] },
  { says: 'And it stays until you remove it:', command: 'rm', run: [NAME] },
];
