import { closeSync, openSync, readlinkSync } from 'node:fs';
import type { OciNetDevices } from './config/schema.ts';

/** A device as `ip -json address show` shows it. */
interface Shown {
  readonly flags?: readonly string[];
  readonly addr_info?: readonly Address[];
}

interface Address {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  /** Will it end by itself? */
  readonly dynamic?: boolean;
}

/** A device that has been moved, and what is done where it comes back. */
interface Moved {
  readonly name: string;
  readonly inside: string;
  readonly again: string;
}

/** Network devices of the host's that a container is given: runtime-spec, config-linux.md, "Network Devices". */
export class GivenDevices {
  readonly #moved: Moved[] = [];
  #theirs: number | undefined;

  /**
   * Moves devices into a container. The kernel forgets a device's addresses on the way, so those that somebody has given it are
   * given again, and it is up there.
   *
   * @param pid - a process that is in its network namespace
   * @throws {Error} for a device that isn't there, and a name that is taken
   */
  async give(devices: OciNetDevices = {}, pid: number): Promise<void> {
    const all = Object.entries(devices);
    if (all.length === 0) return;
    const theirs = `/proc/${pid}/ns/net`;
    if (readlinkSync(theirs) === readlinkSync('/proc/self/ns/net'))
      throw new Error('linux.netDevices: the container is in the network namespace of this runtime');
    this.#theirs = openSync(theirs, 'r'); // without a process it would be gone, and most kinds of devices with it
    for (const [name, { name: inside = name }] of all) {
      const shown = await run('ip', ['-json', 'address', 'show', 'dev', name]);
      const [{ addr_info: addresses = [], flags = [] } = {}] = JSON.parse(shown) as Shown[];
      const given = addresses.filter(({ scope, dynamic }) => scope === 'global' && !dynamic);
      const lines = (device: string) =>
        given.map(({ local, prefixlen }) => `address add ${local}/${prefixlen} dev ${device}\n`).join('');
      await run('ip', ['link', 'set', 'dev', name, 'netns', String(pid), 'name', inside]);
      const again = lines(name) + (flags.includes('UP') ? `link set dev ${name} up\n` : '');
      this.#moved.push({ name, inside, again });
      await this.#there(`${lines(inside)}link set dev ${inside} up\n`);
    }
  }

  /** Has them on the host again, as they were: there is no container after all. */
  async takeBack(): Promise<void> {
    for (const { name, inside, again } of this.#moved.splice(0)) {
      await this.#there(`link set dev ${inside} netns ${process.pid} name ${name}\n`);
      await run('ip', ['-batch', '-'], again);
    }
  }

  /** They stay where they are. */
  close(): void {
    if (this.#theirs !== undefined) closeSync(this.#theirs);
    this.#theirs = undefined;
  }

  async #there(input: string): Promise<void> {
    await run('nsenter', [`--net=/proc/${process.pid}/fd/${this.#theirs}`, 'ip', '-batch', '-'], input);
  }
}

/** What runs it is loaded for the first device: hardly any container is given one. @returns what it writes */
async function run(program: string, args: readonly string[], input = ''): Promise<string> {
  const { execa } = await import('execa');
  const { stdout } = await execa(program, args, { input });
  return stdout;
}
