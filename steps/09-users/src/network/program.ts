import { closeSync, openSync } from 'node:fs';
import { programNamed } from '../rootless/program.ts';

/** The programs that give a container of an ordinary user's a way out, the best first. */
const PROGRAMS = ['pasta', 'slirp4netns'] as const;

export type NetworkProgram = (typeof PROGRAMS)[number];

/** The device that both of them make an interface with. */
const TUN = '/dev/net/tun';

/** What of a machine it depends on. */
export interface Looks {
  isInstalled(program: string): boolean;
  /** What is wrong with /dev/net/tun: `EACCES`; undefined if nothing is. */
  tunError(): string | undefined;
}

const HERE: Looks = {
  isInstalled: (program) => programNamed(program) !== undefined,
  tunError() {
    try {
      closeSync(openSync(TUN, 'r+'));
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  },
};

/**
 * The program that gives containers their network here.
 *
 * @throws {Error} a sentence with the command that gives one
 */
export function networkProgram({ isInstalled, tunError }: Looks = HERE): NetworkProgram {
  const found = PROGRAMS.find(isInstalled);
  if (found === undefined)
    throw new Error(
      'an ordinary user’s containers get a network from pasta or slirp4netns, and neither is here. Type: sudo apt-get install passt',
    );
  const wrong = tunError();
  if (wrong === undefined) return found;
  const mend = wrong === 'EACCES' ? `sudo chmod 666 ${TUN}` : 'sudo modprobe tun';
  throw new Error(`${found} can't open ${TUN} (${wrong}), which it makes an interface with. Type: ${mend}`);
}
