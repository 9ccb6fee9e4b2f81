import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { commandStatus } from '../../steps/01-namespaces/src/command/main.ts';
import { keepWritten } from '../../test/written.ts';
import { boxstep } from '../src/boxstep.ts';
import { meant } from '../src/usage/meant.ts';

/** Runs a command line of the capstone's, in this process. Its own name, which depends on where this is, is written `docker`. */
async function typed(line: string) {
  const kept = await keepWritten(async () => {
    const words = await meant(line.split(' ').filter(Boolean));
    return typeof words === 'number' ? words : commandStatus(boxstep, words);
  });
  const [stdout, stderr] = [kept.stdout, kept.stderr].map((text) => named(text.replace(/\n$/, '')));
  return { stdout, stderr, exitCode: kept.result } as { stdout: string; stderr: string; exitCode: number };
}

function named(text: string): string {
  return text.replace(/^boxstep: /, '').replace(/[\w./-]*\/boxstep\b/g, 'docker');
}

const [BAD_ARGUMENTS, BAD_FLAG] = [1, 125];

describe('a command line that docker refuses', { tags: ['once'] }, () => {
  test.each([
    ['run', "'docker run' requires at least 1 argument", BAD_ARGUMENTS],
    ['exec web', "'docker exec' requires at least 2 arguments", BAD_ARGUMENTS],
    ['ps web', "'docker ps' accepts no arguments", BAD_ARGUMENTS],
    ['start', "'docker start' requires at least 1 argument", BAD_ARGUMENTS],
    ['logs one two', "'docker logs' requires 1 argument", BAD_ARGUMENTS],
    ['network rm', "'docker network rm' requires at least 1 argument", BAD_ARGUMENTS],
    ['images one two', "'docker images' requires at most 1 argument", BAD_ARGUMENTS],
    ['commit', "'docker commit' requires at least 1 and at most 2 arguments", BAD_ARGUMENTS],
    ['nosuch', 'unknown command: docker nosuch', BAD_ARGUMENTS],
    ['container nosuch --all', 'unknown command: docker container nosuch', BAD_ARGUMENTS],
    ['trust sign', 'unknown command: docker trust', BAD_ARGUMENTS],
    ['swarm nosuch', 'unknown command: docker swarm nosuch', BAD_ARGUMENTS],
    ['node ls -q', expect.stringMatching(/^This node is not a swarm manager/), BAD_ARGUMENTS],
    ['node ls now', "'docker node ls' accepts no arguments", BAD_ARGUMENTS],
    ['swarm leave', 'This node is not part of a swarm', BAD_ARGUMENTS],
    ['swarm join', "'docker swarm join' requires 1 argument", BAD_ARGUMENTS],
    ['service create', "'docker service create' requires at least 1 argument", BAD_ARGUMENTS],
    ['run -v', "flag needs an argument: 'v' in -v", BAD_FLAG],
    ['ps -an', "flag needs an argument: 'n' in -an", BAD_FLAG],
    ['-c', "flag needs an argument: 'c' in -c", BAD_FLAG],
    ['container run -h', "flag needs an argument: 'h' in -h", BAD_FLAG],
    [
      '-H tcp://box ps',
      'Cannot connect to the Docker daemon at tcp://box. Is the docker daemon running?',
      BAD_ARGUMENTS,
    ],
    ['-H x -c default ps', 'conflicting options: cannot specify both --host and --context', BAD_ARGUMENTS],
    ['help nosuch', 'unknown help topic: nosuch', BAD_ARGUMENTS],
    ['ps --nosuch', 'unknown flag: --nosuch', BAD_FLAG],
    ['ps -qZ', "unknown shorthand flag: 'Z' in -Z", BAD_FLAG],
    ['run --memory', 'flag needs an argument: --memory', BAD_FLAG],
    [
      'ps --filter web',
      'invalid argument "web" for "-f, --filter" flag: bad format of filter (expected name=value)',
      BAD_FLAG,
    ],
    ['--nosuch ps', 'unknown flag: --nosuch', BAD_FLAG],
    ['-l loud ps', 'Unable to parse logging level: loud', BAD_ARGUMENTS],
    ['-c other ps', expect.stringMatching(/^context "other": context not found/), BAD_ARGUMENTS],
  ])('%s: %s', async (line, first, status) => {
    const { stdout, stderr, exitCode } = await typed(line);
    expect([stdout, stderr.split('\n')[0], exitCode]).toEqual(['', first, status]);
  });

  test.each([
    ['run -m abc image', 'invalid argument "abc" for "-m, --memory" flag: invalid size: \'abc\''],
    ['run --cpus abc image', 'invalid argument "abc" for "--cpus" flag: failed to parse abc as a rational number'],
    [
      'run -c x image',
      'invalid argument "x" for "-c, --cpu-shares" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      'run --pids-limit 9999999999999999999 image',
      'invalid argument "9999999999999999999" for "--pids-limit" flag: strconv.ParseInt: parsing "9999999999999999999": value out of range',
    ],
    ['run --tty=x image', 'invalid argument "x" for "-t, --tty" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    ['run --dns x image', 'invalid argument "x" for "--dns" flag: IP address is not correctly formatted: x'],
    ['run --add-host x image', 'invalid argument "x" for "--add-host" flag: bad format for add-host: "x"'],
    ['run -e =x image', 'invalid argument "=x" for "-e, --env" flag: invalid environment variable: =x'],
    ['run --sysctl a.b=1 image', 'invalid argument "a.b=1" for "--sysctl" flag: sysctl \'a.b=1\' is not allowed'],
    ['run --ulimit no=1 image', 'invalid argument "no=1" for "--ulimit" flag: invalid ulimit type: no'],
    [
      'run --ulimit nofile=2:1 image',
      'invalid argument "nofile=2:1" for "--ulimit" flag: ulimit soft limit must be less than or equal to hard limit: 2 > 1',
    ],
    ['run -p abc image', 'invalid containerPort: abc'],
    ['run -p abc:80 image', 'invalid hostPort: abc'],
    ['run -p 80/x image', 'invalid proto: x'],
    ['run -p 1-2:3-5 image', 'invalid ranges specified for container and host Ports: 3-5 and 1-2'],
    [
      'run --expose abc image',
      'invalid range format for --expose: abc, error: strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ['run --add-host db:x image', 'invalid argument "db:x" for "--add-host" flag: invalid IP address in add-host: "x"'],
    ['run -p 1.2.3:80:80 image', 'invalid IP address: 1.2.3'],
    ['run --ip6 x image', 'invalid IPv6 address: x'],
    ['run --mount type=volume image', 'invalid argument "type=volume" for "--mount" flag: target is required'],
    ['run --dns-search a_b! image', 'invalid argument "a_b!" for "--dns-search" flag: a_b! is not a valid domain'],
    [
      'run --device-cgroup-rule x image',
      'invalid argument "x" for "--device-cgroup-rule" flag: invalid device cgroup format \'x\'',
    ],
    [
      'run --device-read-iops /dev/null:x image',
      'invalid argument "/dev/null:x" for "--device-read-iops" flag: invalid rate for device: /dev/null:x. The correct format is <device-path>:<number>. Number must be a positive integer',
    ],
    [
      'run --device-write-bps x:1mb image',
      'invalid argument "x:1mb" for "--device-write-bps" flag: bad format for device path: x:1mb',
    ],
    ['run --device /dev/null:/dev/x:q image', 'bad mode specified: q'],
    ['run --device a:b:c:d image', 'bad format for path: a:b:c:d'],
    ['run -v /a:/b:ro:/d image', 'invalid spec: /a:/b:ro:/d: too many colons'],
    ['run --isolation process image', "invalid isolation (process): linux only supports 'default'"],
    ['run -v :/x image', 'invalid spec: :/x: empty section between colons'],
    ['run --mount type=nosuch,target=/x image', 'invalid mount config for type "nosuch": mount type unknown'],
    ['run --cap-add NO image', 'invalid CapAdd: unknown capability: "CAP_NO": see capabilities(7) for their names'],
    ['run --memory-swappiness 101 image', 'invalid value: 101. Valid memory swappiness range is 0-100'],
    ['run --oom-score-adj 2000 image', 'Invalid value 2000, range for oom score adj is [-1000, 1000]'],
    ['stop -t x web', 'invalid argument "x" for "-t, --timeout" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  ])("%s: docker's own words come first: %s", async (line, first) => {
    const { stderr, exitCode } = await typed(line);
    expect([stderr.split('\n')[0], exitCode]).toEqual([first, BAD_FLAG]);
  });

  test.each([
    [
      'run --device /dev/nosuch image',
      127,
      'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
    ],
    ['create --name a/b image', 1, 'Invalid container name (a/b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['run --name a/b image', 125, 'Invalid container name (a/b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['exec -w here web true', 128, "the working directory 'here' is invalid, it needs to be an absolute path"],
    ['network create -d nosuch net', 1, 'plugin "nosuch" not found'],
    ['context use x', 1, 'context "x": context not found: there is only "default"'],
    ['run --link a:b:c image', 125, 'bad format for links: a:b:c'],
    ['run --network host --link a image', 125, "conflicting options: host type networking can't be used with links"],
    ['network create -d host net', 1, 'only one instance of "host" network is allowed'],
    ['volume create -d nosuch v', 1, 'create v: error looking up volume plugin nosuch: plugin "nosuch" not found'],
    ['volume create -o bad=1 v', 1, 'create v: invalid option: "bad"'],
    ['ps --format {{', 1, 'failed to parse template: template: :1: unclosed action'],
    [
      'ps --format {{.No}}',
      1,
      `failed to execute template: template: :1:2: executing "" at <.No>: can't evaluate field No in type *formatter.ContainerContext`,
    ],
    [
      'events --format {{.No}}',
      64,
      `Error parsing format: template: :1:2: executing "" at <.No>: can't evaluate field No in type *events.Message`,
    ],
    ['events --format {{', 64, 'Error parsing format: template: :1: unclosed action'],
    [
      'inspect --type no web',
      1,
      'unknown type: "no": must be one of "config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"',
    ],
    ['create --device /dev/nosuch image', 1, 'error gathering device information'],
    [
      'create --restart no:3 image',
      1,
      "invalid restart policy: maximum retry count can only be used with 'on-failure'",
    ],
    ['create --restart always:x image', 125, 'invalid restart policy format: maximum retry count must be an integer'],
    ['run -l =x image', 125, `invalid argument "=x" for "-l, --label" flag: invalid label '=x': empty name`],
    ['run --env-file /nosuch nosuchimage', 125, 'open /nosuch: no such file or directory'],
    ['ps -f exited=x', 1, `invalid filter 'exited=x': strconv.Atoi: parsing "x": invalid syntax`],
    ['kill -s NOSUCH web', 1, 'cannot kill container: web: invalid signal: NOSUCH'],
    [
      'network connect --gw-priority x none web',
      125,
      'invalid argument "x" for "--gw-priority" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    ['network connect --ip x none web', 1, 'invalid endpoint settings:'],
    ['login -u me example.com', 1, 'Cannot perform an interactive login from a non TTY device'],
    ['run --label-file /nosuch image', 125, 'open /nosuch: no such file or directory'],
    ['load -i /nosuch', 1, 'open /nosuch: no such file or directory'],
    ['import /nosuch', 1, 'open /nosuch: no such file or directory'],
  ])("%s ends with %d, as docker's does", async (line, status, words) => {
    const { stderr, exitCode } = await typed(line);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([status, expect.stringContaining(words)]);
  });

  test.each([
    ['context show', 'default', '', 0],
    ['context ls -q', 'default', '', 0],
    ['context inspect -f {{.Name}}', 'default', '', 0],
    ['builder prune -af', 'Total reclaimed space: 0B', '', 0],
    ['plugin ls', 'ID        NAME      DESCRIPTION   ENABLED', '', 0],
    ['version -f {{.Server.APIVersion}}', '1.51', '', 0],
    ['version -f {{.Client.Context}}{{.Server.Experimental}}', 'defaultfalse', '', 0],
    [
      'version -f {{.No}}',
      '',
      'template: :1:2: executing "" at <.No>: can\'t evaluate field No in type system.versionInfo',
      1,
    ],
    ['-D version -f {{range.Server.Components}}{{.Name}}{{end}}', 'Engine', '', 0],
  ])('%s', async (line, stdout, stderr, exitCode) => {
    expect(await typed(line)).toEqual({ stdout, stderr, exitCode });
  });

  test('is told how the command is typed', async () => {
    expect((await typed('network create')).stderr).toBe(
      "'docker network create' requires 1 argument\n\nUsage:  docker network create [OPTIONS] NETWORK\n\nRun 'docker network create --help' for more information",
    );
    expect((await typed('run')).stderr).toContain('\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n');
    expect((await typed('wait')).stderr).toContain('\nUsage:  docker wait CONTAINER [CONTAINER...]\n');
  });
});

describe('help', { tags: ['once'] }, () => {
  test("has docker's groups, and each command in one of them", async () => {
    const { stdout } = await typed('help');
    const order = [
      'Common Commands:\n  run ',
      'Management Commands:\n  builder ',
      'Commands:\n  attach ',
      'Global Options:',
    ];
    const found = order.map((part) => stdout.indexOf(part));
    expect(found).toEqual(found.toSorted((one, other) => one - other));
    expect(found).not.toContain(-1);
    expect(stdout.match(/^ {2}ps /gm)).toHaveLength(1);
  });

  test('is asked for by -h, too, where that is no other flag', async () => {
    for (const line of ['ps', 'network ls', 'network']) {
      const { stdout } = await typed(`${line} --help`);
      const asked = { stdout: `Flag shorthand -h has been deprecated, use --help\n${stdout}`, stderr: '', exitCode: 0 };
      expect(await typed(`${line} -h`)).toEqual(asked);
    }
  });

  test("names a command's other names, and its flags in the order of their long names", async () => {
    const { stdout } = await typed('ps --help');
    expect(stdout).toContain('docker container list, docker container ls, docker container ps, docker ps\n');
    const flags = [...stdout.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag);
    expect(flags).toEqual(['all', 'filter', 'format', 'last', 'latest', 'no-trunc', 'quiet', 'size']);
    expect((await typed('container --help')).stdout).toMatch(/^ {2}ls /m);
    expect((await typed('container --help')).stdout).not.toMatch(/^ {2}(ps|list) /m);
  });
});

test("docker's own flags come before the command", { tags: ['once'] }, async () => {
  expect(await typed('-D --log-level=debug help')).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await typed('--version')).stdout).toMatch(/^Boxstep version \d/);
});

test('and so does --root, in any order with them, and help after it', { tags: ['once'] }, async () => {
  const { stdout } = await typed('help ps');
  expect(stdout).toMatch(/^Usage: {2}docker ps \[OPTIONS\]\n/);
  for (const line of ['--root /nowhere -D help ps', '-D --root=/nowhere help ps', '--root /nowhere ps --help'])
    expect(await typed(line)).toEqual({ stdout, stderr: '', exitCode: 0 });
});

test('the program says and answers just that', { tags: ['once'] }, async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const program = async (line: string) => {
    const { stdout, stderr, exitCode } = await execa(execPath, [main, ...line.split(' ')], { reject: false });
    return { stdout: named(stdout), stderr: named(stderr), exitCode };
  };
  for (const line of ['help', 'help nosuch', 'ps web', '--version'])
    expect(await program(line)).toEqual(await typed(line));
});

describe('completion', { tags: ['once'] }, () => {
  /** What bash would offer for the last of some words. */
  async function offered(...words: string[]): Promise<string[]> {
    const { stdout: script } = await typed('completion bash');
    const asked = `COMP_WORDS=(boxstep ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _boxstep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await execa('bash', ['-c', `${script}\n${asked}`])).stdout.split('\n').filter(Boolean);
  }

  test('offers commands, those of a group, and flags', async () => {
    expect(await offered('re')).toEqual(['rename', 'restart']);
    expect(await offered('volume', 'i')).toEqual(['inspect']);
    expect(await offered('volume', 'ls', '--q')).toEqual(['--quiet']);
    expect(await offered('run', '--rm', '--mem')).toContain('--memory-swap');
    expect(await offered('ps', '')).toEqual([]); // flags only where one is begun
  });

  test('is there for fish and zsh, and for no other shell', async () => {
    expect(await typed('completion')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('bash, zsh or fish'),
    });
    expect((await typed('completion fish')).stdout).toContain("-n '__fish_seen_subcommand_from ps' -l all -s a");
    expect((await typed('completion zsh')).stdout).toMatch(/^autoload -U \+X bashcompinit/);
    expect((await typed('completion csh')).exitCode).toBe(1);
  });
});
