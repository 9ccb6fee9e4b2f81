import { describe, expect, test } from 'vitest';
import { containerName, hostname, read } from '../src/index.ts';

describe('a name', () => {
  test.each(['ab', 'web-1', 'A.b_c', '0ok', 'x'.repeat(255)])('%s is fine', (name) => {
    expect(containerName(name)).toBe(name);
  });

  test.each(['a', '-x', '.hidden', '../../etc', 'a/b', 'a b', 'ä'.repeat(3), 'a\nb', 'x'.repeat(256)])(
    '%j is refused, as docker does',
    (name) => {
      expect(() => containerName(name)).toThrow('Invalid container name');
    },
  );

  test.each(['tasks', 'cgroup.procs', 'pids.max', 'memory.events'])(
    '%s is refused: the kernel has a file of that name in every cgroup',
    (name) => {
      expect(() => containerName(name)).toThrow("the name of one of the kernel's own files");
    },
  );

  test('that is not given is made up, another one each time', () => {
    expect(read({}, []).name).toMatch(/^box-[0-9a-f]{8}$/);
    expect(read({}, []).name).not.toBe(read({}, []).name);
  });
});

describe('a hostname', () => {
  test('is the name of the container unless it is given', () => {
    expect(read({ name: 'web' }, []).hostname).toBe('web');
    expect(read({ name: 'web', hostname: 'db' }, []).hostname).toBe('db');
    expect(read({ name: 'web', hostname: '' }, []).hostname).toBe('web');
  });

  test('of a long name is as much of it as fits', () => {
    expect(read({ name: 'x'.repeat(200) }, []).hostname).toHaveLength(63);
  });

  test('of more than 64 bytes is refused', () => {
    expect(hostname('x'.repeat(64))).toHaveLength(64);
    expect(() => hostname('ü'.repeat(33))).toThrow('it is 66 bytes long, and the kernel takes 64');
  });
});

test('without a command, a shell is run', () => {
  expect(read({}, []).command).toEqual(['sh']);
  expect(read({}, ['ls', '-l']).command).toEqual(['ls', '-l']);
});
