import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { MODES, parseVolume } from '../src/volume-flag.ts';

task(
  1,
  {
    points: 25,
    hints: [
      'Take it apart at the colons. One part is a target; two are a source and a target; three have a mode, which may be empty. More are an error, and so is an empty first part.',
      'isMode(text) says whether a text is a mode. With two parts, it must not be true of the second: an empty text is a mode, too, so "data:" is refused by that.',
      'A source that begins with "/" makes it a bind, any other a volume. The words are mode.split(","); of MODES.propagation one at most is among them.',
    ],
  },
  () => {
    group('a target, and what is mounted there', 8, () => {
      test.each([
        ['/data', { type: 'volume', target: '/data', readOnly: false }],
        ['data:/data', { type: 'volume', source: 'data', target: '/data', readOnly: false }],
        ['/srv:/data', { type: 'bind', source: '/srv', target: '/data', readOnly: false }],
        ['/:/host', { type: 'bind', source: '/', target: '/host', readOnly: false }],
        ['/with space:/a b', { type: 'bind', source: '/with space', target: '/a b', readOnly: false }],
        ['/srv:relative', { type: 'bind', source: '/srv', target: 'relative', readOnly: false }],
        ['local/name:/data', { type: 'volume', source: 'local/name', target: '/data', readOnly: false }],
        ['./', { type: 'volume', target: './', readOnly: false }],
        ['/rw:/ro', { type: 'bind', source: '/rw', target: '/ro', readOnly: false }],
        ['ro:/data', { type: 'volume', source: 'ro', target: '/data', readOnly: false }],
        ['ro', { type: 'volume', target: 'ro', readOnly: false }],
      ])('%s', (spec, expected) => {
        const why =
          'SOURCE:TARGET; a source that begins with a slash is a path of the host’s, and any other a volume’s name';
        expect(parseVolume(spec), why).toEqual(expected);
      });
    });

    group('its mode', 9, () => {
      test.each([
        ['/srv:/data:ro', { type: 'bind', source: '/srv', target: '/data', readOnly: true }],
        ['data:/data:ro', { type: 'volume', source: 'data', target: '/data', readOnly: true }],
        ['/srv:/data:', { type: 'bind', source: '/srv', target: '/data', readOnly: false }],
        [
          'data:/data:nocopy',
          { type: 'volume', source: 'data', target: '/data', readOnly: false, volume: { noCopy: true } },
        ],
        [
          '/srv:/data:rslave',
          { type: 'bind', source: '/srv', target: '/data', readOnly: false, bind: { propagation: 'rslave' } },
        ],
        ['/srv:/data:Z,cached', { type: 'bind', source: '/srv', target: '/data', readOnly: false }],
        ['/srv::ro', { type: 'bind', source: '/srv', target: '', readOnly: true }],
      ])('%s', (spec, expected) => {
        expect(parseVolume(spec), 'properties that the mode doesn’t name are left out').toEqual(expected);
      });

      test('any words, one of a kind, in any order', () => {
        const random = seeded('task 1');
        for (let round = 0; round < 60; round++) {
          const kinds = Object.values(MODES).filter(() => random.integer(0, 1) === 1);
          const words = kinds.map((kind) => kind[random.integer(0, kind.length - 1)] as string);
          if (random.integer(0, 1) === 1) words.reverse();
          const spec = `/srv:/data:${words.join(',')}`;
          const propagation = words.find((word) => (MODES.propagation as readonly string[]).includes(word));
          expect(parseVolume(spec), spec).toEqual({
            ...{ type: 'bind', source: '/srv', target: '/data', readOnly: words.includes('ro') },
            bind: propagation ? { propagation } : undefined,
            volume: spec.includes('nocopy') ? { noCopy: true } : undefined,
          });
        }
      });
    });

    group('what is none', 8, () => {
      test.each([
        ['', /invalid volume specification: ''/],
        [':/data', /invalid volume specification: ':\/data'/],
        ['::', /invalid volume specification/],
        ['data:', /invalid volume specification: 'data:'/],
        ['/data:ro', /invalid volume specification: '\/data:ro'/],
        ['/data:z,ro', /invalid volume specification: '\/data:z,ro'/],
        ['/srv:/data:ro:', /invalid volume specification: '\/srv:\/data:ro:'/],
        ['a:b:c:d:e', /invalid volume specification/],
        ['/srv:/data:foo', /invalid mode: foo/],
        ['/srv:/data:RO', /invalid mode: RO/],
        ['/srv:/data:ro,rw', /invalid mode: ro,rw/],
        ['/srv:/data:ro,ro', /invalid mode: ro,ro/],
        ['/srv:/data:slave,private', /invalid mode: slave,private/],
        ['/srv:/data:ro,', /invalid mode: ro,/],
        ['/srv:/data: ro', /invalid mode: {2}ro/],
        ['/srv:/data:propagation', /invalid mode: propagation/],
      ])('%j', (spec, error) => {
        const why =
          'an error quotes the specification, or the mode; "/data:ro" is no volume at "ro", and no kind comes twice';
        expect(() => parseVolume(spec), why).toThrow(error);
      });
    });
  },
);
