import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { parsePublish } from '../src/publish.ts';

/** Does it refuse this? What it answers otherwise. */
function refuses(text: string): unknown {
  try {
    return parsePublish(text);
  } catch {
    return 'refused';
  }
}

task(
  2,
  {
    points: 15,
    hints: [
      '`partsOf` cuts the text in its parts; `parsePorts` reads a range. What is left is how many ports that means, and which leads where.',
      'Without a port of the host’s, or with 0, any free one is meant: hostPort is undefined.',
      'Ranges of one length lead one to one. A range of the host’s to a single port is one port, with hostPorts. All else is an error.',
    ],
  },
  () => {
    const port = (containerPort: number, hostPort?: number, more = {}) => ({
      ...{ hostIp: '', hostPort, containerPort, protocol: 'tcp', ...more },
    });
    const sorted = (text: string) => parsePublish(text).map((one) => ({ ...port(0), ...one }));

    group('one port', 6, () => {
      test.each([
        ['8080:80', [port(80, 8080)]],
        ['80', [port(80)]],
        [':80', [port(80)]],
        ['0:80', [port(80)]],
        ['53:53/udp', [port(53, 53, { protocol: 'udp' })]],
        ['9:99/SCTP', [port(99, 9, { protocol: 'sctp' })]],
        ['127.0.0.1:8080:80', [port(80, 8080, { hostIp: '127.0.0.1' })]],
        ['127.0.0.1::80', [port(80, undefined, { hostIp: '127.0.0.1' })]],
        ['[::1]:8080:80', [port(80, 8080, { hostIp: '::1' })]],
        ['fd00::7:8080:80', [port(80, 8080, { hostIp: 'fd00::7' })]],
      ])('%s', (text, ports) => {
        expect(sorted(text)).toEqual(ports);
      });
    });

    group('ranges', 6, () => {
      test.each([
        ['8000-8002:80-82', [port(80, 8000), port(81, 8001), port(82, 8002)]],
        ['80-82', [port(80), port(81), port(82)]],
        ['7-7:9-9', [port(9, 7)]],
        ['10.0.0.1:1-2:3-4/udp', [1, 2].map((one) => port(one + 2, one, { hostIp: '10.0.0.1', protocol: 'udp' }))],
        ['8000-8010:80', [port(80, undefined, { hostPorts: [8000, 8010] })]],
      ])('%s', (text, ports) => {
        expect(
          sorted(text),
          'ranges of one length lead one to one; a single port takes any free one of a range',
        ).toEqual(ports);
      });

      test('of any length', () => {
        const any = seeded('task 2');
        const [first, host, length] = [any.integer(1, 999), any.integer(2000, 9999), any.integer(2, 99)];
        const text = `${host}-${host + length}:${first}-${first + length}`;
        expect(sorted(text)).toEqual(Array.from({ length: length + 1 }, (_, nth) => port(first + nth, host + nth)));
      });
    });

    group('what means nothing', 3, () => {
      test.each(['8000-8001:80-82', '8000-8003:80-82', '8080:80-81', '80:', '70000:80', 'x:80', '9-8', '80/http'])(
        '%s',
        (text) => {
          expect(sorted('1-2:3-4')).toHaveLength(2);
          expect(refuses(text), 'as many ports of the host’s as of the container’s').toBe('refused');
        },
      );
    });
  },
);
