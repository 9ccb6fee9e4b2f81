import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { defaultRootfs } from 'step-01';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { askLdd, copyLibraries } from '../steps/01-namespaces/src/rootfs/libraries.ts';
import { asAUser, REPOSITORY, typedLine } from './boxstep.ts';
import { needs } from './needs.ts';

/**
 * Pushes a line into terminals as if it had been typed there (TIOCSTI, ioctl_tty(2)), and says of each how that went. A
 * terminal is a path, or the number of a descriptor.
 */
const PROGRAM = `
for my $name (@ARGV) {
  my $terminal;
  open($terminal, $name =~ /^\\d$/ ? "+<&=" : "+<", $name) or do { print "$name: $!\\n"; next };
  my $refused = "";
  for my $key (split //, "typed by nobody\\n") { my $byte = $key; ioctl($terminal, 0x5412, $byte) or $refused = $! }
  print "$name: ", $refused || "pushed", "\\n";
}
`;

const PERL = '/usr/bin/perl';

/** A root that has the program, as `/push.pl`, for the tests of the file that asks for it. */
export function rootThatPushes(): string {
  const directory = mkdtempSync(join(tmpdir(), 'boxstep-tiocsti-'));
  beforeEach(needs('root', 'perl'));
  beforeAll(async () => {
    if (process.geteuid?.() !== 0 || !existsSync(PERL)) return;
    cpSync(await defaultRootfs(), directory, { recursive: true, verbatimSymlinks: true });
    addProgram(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Writes the program into a root, and perl with it. */
function addProgram(directory: string): void {
  writeFileSync(join(directory, 'push.pl'), PROGRAM);
  mkdirSync(join(directory, dirname(PERL)), { recursive: true });
  copyFileSync(PERL, join(directory, PERL));
  copyLibraries(directory, askLdd([PERL]));
}

/**
 * Runs a command line on a terminal, as a person who types it. In it, $TERMINAL is that terminal's path, $N its number.
 *
 * @returns what came, and what the shell would have read as the next command: that which was pushed
 */
export async function onTerminal(line: string): Promise<{ said: string; pushed: string }> {
  const rest = `stty -icanon -echo min 0 time 5; printf 'left to read: %s' "$(dd bs=64 count=1 2>/dev/null)"`;
  const options = asAUser();
  const { stdout } = await execa(
    'script',
    ['-qec', `TERMINAL=$(tty) N=$(basename $(tty)); ${typedLine(line)}\n${rest}`, '/dev/null'],
    {
      ...options,
      cwd: REPOSITORY,
      stdin: 'pipe', // which stays open: at its end, script would type Ctrl-D
      env: { ...options.env, SHELL: '/bin/bash' },
    },
  );
  const [said = '', pushed = ''] = stdout.replaceAll('\r', '').split('left to read: ');
  return { said: said.trim(), pushed };
}
