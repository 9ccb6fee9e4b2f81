import * as previous from 'step-01';
import { defaultRootfsPath, type Step } from 'step-01';
import { provide } from './archive/cache.ts';
import { whatElse } from './archive/shape.ts';
import { escapeCommand } from './command/escape.ts';
import { rootfsCommand } from './command/rootfs.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { lacking } from './rootfs-path.ts';

export * from 'step-01';
export * from './archive/archive.ts';
export { type Format, formatOf } from './archive/format.ts';
export * from './dev.ts';
export * from './escape.ts';
export * from './mount-point.ts';
export { type Flags, type Options, options, read } from './options.ts';
export * from './pivot.ts';
export { plan } from './plan.ts';
export * from './rootfs-path.ts';

/** Step 02 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-02',
  title: 'any directory as root',
  positionals: [
    ['[rootfs]', 'a directory, or a tar archive of one (default: one made of this machine’s programs)'],
    ['[command...]', 'what to run in it (default: sh)'],
  ],
  options,
  read,
  plan,
  async prepare(wanted, say) {
    const options = { ...wanted, ...(await previous.step.prepare(wanted, say)) };
    if (options.archive !== undefined) await provide(options.archive, options.rootfs, say);
    const made = lacking(options.rootfs);
    if (made.length > 0) say(`making what ${options.rootfs} lacks: /${made.join(', /')}`);
    return options;
  },
  report(ended, options) {
    const notFound = ended.failure?.call.name === 'execve' && ended.failure.code === 'ENOENT';
    const hint = notFound ? whatElse(options.rootfs, options.archive) : undefined;
    return [...previous.step.report(ended, options), ...(hint === undefined ? [] : [hint])];
  },
  commands: [...previous.step.commands, rootfsCommand, escapeCommand()],
  demo: () => [
    {
      says: 'PID 1 under a hostname of its own, as in step 1, and now in a root from which no path leads back:',
      run: [
        '--hostname',
        'boxstep',
        defaultRootfsPath(),
        'sh',
        '-c',
        'echo "I am PID $$ on $(hostname)"; ls -d /proc/[0-9]*',
      ],
    },
    {
      says: "A directory of this machine is the container's whole world, with a /dev and a /proc of its own:",
      run: [defaultRootfsPath(), 'sh', '-c', 'ls /; cut -d" " -f5,9- /proc/self/mountinfo'],
    },
    {
      says: 'Nothing can be written to it if you say so, but to what is mounted in it:',
      run: [
        '--read-only',
        defaultRootfsPath(),
        'sh',
        '-c',
        'touch /file; echo "but /dev/shm: $(echo written | tee /dev/shm/file)"',
      ],
    },
  ],
};
