import { describe, expect, test } from 'vitest';
import { boxstep } from '../src/boxstep.ts';
import { unpasted } from '../src/usage/pasted.ts';

const NAMES = boxstep.commands.map(({ name }) => name);
const plan = (...words: string[]) => unpasted(['plan', ...words], boxstep, NAMES);

describe('plan of a line that was copied', { tags: ['once'] }, () => {
  test.each([
    [['docker', 'run', '-it', '--rm', '-p', '80:80', 'nginx']],
    [['sudo', 'docker', 'run', '-it', '--rm', '-p', '80:80', 'nginx']],
    [['sudo', '-E', '-u', 'root', 'A=1', 'docker', 'container', 'run', '-it', '--rm', '-p', '80:80', 'nginx']],
    [['docker', '--log-level', 'error', 'container', 'create', '-it', '--rm', '-p', '80:80', 'nginx']],
    [['docker run -it --rm -p 80:80 nginx']],
    [['$ sudo docker run -it --rm \\\n  -p 80:80 \\\r\n  nginx\n']],
    [['docker run -it "--rm" -p \'80:80\' nginx']],
  ])('is that of run: %j', async (words) => {
    expect(await plan(...words)).toEqual(['plan', '-it', '--rm', '-p', '80:80', 'nginx']);
  });

  test('keeps what is quoted together, and plan’s own switches', async () => {
    expect(await plan('--shim', 'docker', 'run', 'nginx')).toEqual(['plan', '--shim', 'nginx']);
    expect(await plan(`docker run -e "A=b c" nginx sh -c 'echo "$HOME" *.txt'`)).toEqual(
      ['plan', '-e', 'A=b c', 'nginx', 'sh', '-c', 'echo "$HOME" *.txt'], // what is in single quotes is the container's shell's
    );
  });

  test.each([
    [['docker', 'ps', '-a'], '"docker ps" makes no container: plan shows what "docker run" and "docker create" do'],
    [['docker', 'container', 'ls'], '"docker container ls" makes no container'],
    [['docker'], '"docker" makes no container'],
    [['docker run -it'], "'docker run' requires at least 1 argument"],
    [['docker', 'create'], "'docker create' requires at least 1 argument"],
    [['docker run nginx | cat'], 'a shell has to read "|": leave out the quotes'],
    [['docker run -v $(pwd):/data nginx'], 'a shell has to read "("'],
  ])('says in a sentence why not: %j', async (words, why) => {
    await expect(plan(...words)).rejects.toThrow(why);
  });

  test.each([[['docker', 'sh']], [['--memory', '64m', 'nginx']], [['.', 'docker', 'run']]])(
    'is left alone if it is none: %j',
    async (words) => {
      expect(await plan(...words)).toEqual(['plan', ...words]);
    },
  );
});
