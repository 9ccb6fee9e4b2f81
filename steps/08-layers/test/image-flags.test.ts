import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { withConfig } from '../src/index.ts';

const image = { Entrypoint: ['/init', '--'], Cmd: ['serve', '80'] };

task(
  3,
  {
    points: 20,
    hints: [
      'The command is the entrypoint and then the rest. The rest is the arguments, if there are any, otherwise Cmd.',
      'flags.entrypoint is undefined if it was not given; if it was, even as "", neither Entrypoint nor Cmd of the image counts. An empty one stands for none.',
      'The config may lack any field, and Entrypoint, Cmd and Volumes may be null. Without anything to run, throw an Error.',
    ],
  },
  () => {
    const [a, b] = [seeded('task 3 of step 8').word(), 'other'];
    const command = (config: object, flags: object, args: string[]) => withConfig(config, flags, args).command;

    group('what is run', 10, () => {
      test('is Entrypoint and Cmd, unless arguments stand in for Cmd', () => {
        expect(command(image, {}, []), 'Entrypoint, then Cmd').toEqual(['/init', '--', 'serve', '80']);
        expect(command(image, {}, [a, b]), 'the arguments in place of Cmd, behind Entrypoint').toEqual([
          '/init',
          '--',
          a,
          b,
        ]);
        expect(command({ Cmd: [a] }, {}, [])).toEqual([a]);
        expect(command({ Entrypoint: [a] }, {}, [])).toEqual([a]);
        expect(command({ Entrypoint: null, Cmd: null }, {}, [b]), 'null is none').toEqual([b]);
        expect(command({}, {}, [b, ''])).toEqual([b, '']);
      });

      test('is not Cmd where another entrypoint was given: it was meant for the old one', () => {
        expect(command(image, { entrypoint: a }, [])).toEqual([a]);
        expect(command(image, { entrypoint: a }, [b])).toEqual([a, b]);
        expect(command(image, { entrypoint: '' }, [b]), 'an empty entrypoint is none').toEqual([b]);
      });

      test.each([
        [{}, {}],
        [{ Entrypoint: [], Cmd: [] }, {}],
        [image, { entrypoint: '' }],
      ])('of %j with %j is nothing, and that is an error', (config, flags) => {
        expect(() => withConfig(config, flags, [])).toThrow(Error);
      });
    });

    group('who, and where', 5, () => {
      test('is as the image says, unless a flag says otherwise', () => {
        const config = { Cmd: ['sh'], User: a, WorkingDir: '/srv' };
        expect(withConfig(config, {}, [])).toMatchObject({ user: a, workdir: '/srv' });
        expect(withConfig(config, { user: 'root', workdir: '/tmp' }, [])).toMatchObject({
          user: 'root',
          workdir: '/tmp',
        });
        expect(withConfig(config, { workdir: '/' }, []).workdir, '-w / was asked for').toBe('/');
      });

      test('is the default user at / if neither says anything', () => {
        expect(withConfig({ Cmd: ['sh'] }, {}, [])).toMatchObject({ user: '', workdir: '/' });
        expect(withConfig({ Cmd: ['sh'], User: '', WorkingDir: '' }, { user: '' }, [])).toMatchObject({
          user: '',
          workdir: '/',
        });
      });
    });

    group('variables, ports and volumes', 5, () => {
      test('are the image’s own, by name', () => {
        const config = {
          ...{ Cmd: ['sh'], Env: ['B=2', `A=${a}`], ExposedPorts: { '80/tcp': {}, '53/udp': {} } },
          Volumes: { [`/${a}`]: {}, '/data': {} },
        };
        const { env, exposed, volumes } = withConfig(config, {}, []);
        expect(env, 'in the order of the image').toEqual(['B=2', `A=${a}`]);
        expect([...exposed].sort()).toEqual(['53/udp', '80/tcp']);
        expect([...volumes].sort()).toEqual([`/${a}`, '/data'].sort());
      });

      test('are none where the image has none', () => {
        const none = { env: [], exposed: [], volumes: [] };
        expect(withConfig({ Cmd: ['sh'] }, {}, [])).toMatchObject(none);
        expect(withConfig({ Cmd: ['sh'], Volumes: null }, {}, [])).toMatchObject(none);
      });
    });
  },
);
