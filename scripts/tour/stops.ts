/** One thing that a step's container shows: a line before it, and what is typed. */
export interface Stop {
  readonly step: number;
  readonly says: string;
  readonly flags?: readonly string[];
  /** What sh does there, which says so in one line. */
  readonly script: string;
}

/** A stop at each step, in the order of the course. Those from step 5 on get no network but loopback: see `tour.ts`. */
export const STOPS: readonly Stop[] = [
  {
    step: 1,
    says: 'a process tree and a hostname of its own',
    flags: ['--hostname', 'web'],
    script: 'echo "I am PID $$ on $(hostname)"',
  },
  {
    step: 2,
    says: 'any directory as root, and no path leads back',
    script: 'cd ../../../..; echo "../../../.. leads to $PWD"',
  },
  {
    step: 3,
    says: '64 MiB of memory for a program that wants all there is',
    flags: ['-m', '64m'],
    script: 'tail /dev/zero 2>/dev/null; echo "it ended with status $?: 128 + SIGKILL"',
  },
  {
    step: 4,
    says: 'its own variables, and a user who isn’t root',
    flags: ['-u', 'nobody', '-e', 'GREETING=hello'],
    script: 'echo "$GREETING from user $(id -u)"',
  },
  {
    step: 5,
    says: 'a network of its own, with nothing in it yet',
    script: 'echo "my interfaces: $(echo $(ls /sys/class/net))"',
  },
  {
    step: 6,
    says: 'shared memory of its own',
    script: 'echo hello > /dev/shm/note; echo "in /dev/shm there is only: $(ls /dev/shm)"',
  },
  {
    step: 7,
    says: 'a directory of this machine’s, to be read and not written',
    flags: ['-v', '/etc:/mnt:ro'],
    script:
      'head -c 1 /mnt/passwd >/dev/null && ! touch /mnt/x 2>/dev/null && echo "I read your /etc, and can’t change it"',
  },
  {
    step: 8,
    says: 'its files in a layer above others, which never change',
    script: 'rm -r /usr; [ -e /usr ] || echo "I removed /usr; in the layer below it is still there"',
  },
  {
    step: 9,
    says: 'root inside, and nobody outside',
    script: 'read -r id host count </proc/self/uid_map; echo "I am user $(id -u) here, and user $host on the host"',
  },
  {
    step: 10,
    says: 'walls around what root may do',
    script: 'mount -t tmpfs none /mnt 2>/dev/null || echo "I am root, and may not mount anything"',
  },
];
