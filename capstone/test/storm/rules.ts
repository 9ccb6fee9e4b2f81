import type { Answer } from './storm.ts';

const NAME = String.raw`\S+`;
const ID = '[0-9a-f]{64}';

/** What docker says, too, where others use the same names: each with the exit statuses of the commands that say so. */
const RULES: readonly (readonly [statuses: readonly number[], says: string])[] = [
  [[1], `(?:cannot kill container: ${NAME}: )?No such (?:container|object): ${NAME}`],
  [
    [1, 125],
    `(?:Error when allocating new name: )?Conflict\\. The container name "/${NAME}" is already in use by container "${ID}"\\. You have to remove \\(or rename\\) that container to be able to reuse that name\\.`,
  ],
  [
    [1],
    `(?:cannot kill container: ${NAME}: )?[Cc]ontainer ${ID} is not running(?: any more: it ended before the command began)?`,
  ],
  [[1], `Container ${NAME} is paused, unpause the container before exec`],
  [[1], `Container ${ID} is restarting, wait until the container is running`],
  [[1], `Container ${NAME} is already paused`],
  [[1], `Container ${NAME} is not paused`],
  [[1], `Container ${ID} is (?:ending|being started), .*`],
  [
    [1],
    `cannot remove container "/${NAME}": container is (?:running|paused|restarting): (?:un)?(?:stop|pause) the container before removing or force remove`,
  ],
  [
    [125],
    `the container name "${NAME}" is in use by a running container: give another with --name, or end that one first`,
  ],
  [[1], 'Renaming a container with the same name as its current name'],
  [
    [1],
    `Cannot update container ${ID}: Restart policy cannot be updated because AutoRemove is enabled for the container`,
  ],
];

/** What a container that another command ends leaves to say for one that is connected with it: nothing, and its exit status. */
const ENDED = [3, 137, 143];

/** What `run` and `start` say of a network, in any case. */
const NOTES = /^boxstep: (?:published: |switching on ).*$/gm;

/** What is wrong with how a command ended that nobody killed; undefined if it worked, or failed by a rule. */
export function wrong({ words, exitCode, stderr: all }: Answer): string | undefined {
  const stderr = all.replaceAll(NOTES, '').trim();
  if (exitCode === 0 && (stderr === '' || /^boxstep: No such container: \S+$/.test(stderr))) return undefined; // `rm -f` says who isn't there
  if (['run', 'exec', '10'].includes(words[0] ?? '') && ENDED.includes(exitCode ?? -1) && stderr === '')
    return undefined;
  const isRule = RULES.some(
    ([statuses, says]) => statuses.includes(exitCode ?? -1) && new RegExp(`^boxstep: ${says}$`).test(stderr),
  );
  return isRule ? undefined : `${words.join(' ')}: ${exitCode}: ${stderr}`;
}
