import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asStrace, layOut, RECORD, RECORD_BYTES } from 'shared-native';
import { inOrder } from 'step-01';
import { step as step2 } from 'step-02';
import { step as step4 } from 'step-04';
import { beforeAll, describe, expect, test } from 'vitest';
import { stepNumbers } from '../../grader/src/step/step.ts';
import { consequence } from '../explorer/consequence.ts';
import { difference, type Marked, news } from '../explorer/difference.ts';
import { evaluate } from '../explorer/engine/evaluate.ts';
import { FLAGS } from '../explorer/flags.ts';
import { planOf } from '../explorer/machine.ts';
import { panelHtml, rowsBeside } from '../explorer/panel.ts';
import { explorerPage, lessonExplorer } from '../explorer/render.ts';
import { ROOTFS } from '../explorer/rootfs.ts';
import { commandLine, fromHash, planAt, toHash } from '../explorer/state.ts';
import type { Engine, Line, SectionId } from '../explorer/types.ts';
import { markedPlan } from '../explorer/view.ts';

let engine: Engine;
let script: string;
beforeAll(async () => {
  ({ engine, script } = await evaluate());
});

const state = (step: number, ...on: string[]) => ({ step, on: new Set(on) });
const at = (step: number, ...on: string[]) => planAt(engine, state(step, ...on));
const compared = (before: ReturnType<typeof at>, after: ReturnType<typeof at>) =>
  markedPlan(after, before).flatMap(({ id, lines }) => lines.map((one) => ({ id, ...one })));
const marked = (all: readonly (Marked & { id: string })[], mark: Marked['mark']) =>
  all.filter((one) => one.mark === mark).map(({ id, line }) => `${id}: ${line.text}`);

/** Of every step the plan without flags, the one that shows what it adds, on both kinds of machine; and of the last step one for each flag. */
const everyAsked = () =>
  engine.steps.flatMap(({ number }) => {
    const known = engine.toggles.filter(({ args, since }) => since <= number && args.length > 0);
    const shown = known.filter(({ shows, since }) => shows && since === number).flatMap(({ args }) => args);
    const alone = number === engine.steps.length ? known.map(({ args }) => ({ step: number, args, v1: false })) : [];
    return [...[[], shown].flatMap((args) => [false, true].map((v1) => ({ step: number, args, v1 }))), ...alone];
  });

describe('the steps’ code in a browser', () => {
  test('has every step that there is, by its own title', () => {
    expect(engine.steps.map(({ number }) => number)).toEqual(stepNumbers());
    expect(engine.steps[1]).toEqual({ number: 2, title: step2.title, takesRootfs: true, folder: '02-rootfs' });
  });

  test('makes of a bundle the calls that the runtime makes, and the model makes each of them', () => {
    const asked = { step: 10, args: [], v1: false, config: engine.example };
    const lines = Object.values(engine.sections(asked)).flat();
    expect(new Set(lines.map(({ field }) => field))).toContain('linux.maskedPaths');
    expect(lines.filter(({ words }) => words === '')).toEqual([]);
    expect(engine.trace(asked)).toMatchObject({ end: 'executed' });
    expect(engine.trace(asked).stopped).toBeUndefined();
  });

  test('is a script that is fetched on demand, and not too heavy for that', () => {
    expect(script.length).toBeLessThan(800_000);
  });

  test('knows nothing of the machine that it is built on', () => {
    expect(script).not.toMatch(/\/root\/|\/work\/|\/tmp\/box/);
    expect(JSON.stringify(everyAsked().map(engine.sections))).not.toMatch(/\/var\/cache|\/tmp\/box/);
  });

  test('has every flag that occurs explained, plain words for every line, and a manual page for every call and namespace', () => {
    const lines = everyAsked().flatMap((asked) => Object.values(engine.sections(asked)).flat());
    const shown = new Set(lines.flatMap(({ args = [] }) => args.flatMap(([, text]) => constantsIn(text))));
    expect([...shown].filter((flag) => FLAGS[flag] === undefined)).toEqual([]);
    expect(shown.size).toBeGreaterThan(20);
    for (const { kind, text, words, name = '', manual } of lines) {
      if (words === '' || words === text) expect.fail(`no words for ${text}`);
      if (kind === 'call') expect(engine.facts(name)?.address, text).toMatch(/^https:\/\/man7\.org\/.*\.html$/);
      if (kind === 'namespace') expect(manual?.[0]).toMatch(/_namespaces\(7\)$/);
    }
  });

  test('shows what is done on the host with its undo', () => {
    const before = at(1).find(([id]) => id === 'before')?.[1] ?? [];
    expect(before[0]).toMatchObject({ kind: 'deed', step: 1, text: 'mkdir -p /sys/fs/cgroup/boxstep/web' });
    expect(before[0]?.undo?.[0]).toContain('rmdir /sys/fs/cgroup/boxstep/web');
  });

  test('plans what the step plans in Node, call for call, and each record holds what is shown', () => {
    const rootfs = mkdtempSync(join(tmpdir(), 'boxstep-explorer-'));
    mkdirSync(join(rootfs, 'etc'));
    writeFileSync(join(rootfs, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
    try {
      const calls = inOrder(planOf(step4, rootfs, ['--memory', '64m', '-t'], false).program);
      const lines = at(4, 'memory', 'tty').flatMap(([id, all]) => (id in IN_PROGRAM ? all : []));
      expect(lines.flatMap(({ name, alike = [''] }) => alike.map(() => name))).toEqual(calls.map(({ name }) => name));
      const texts = new Set(lines.map(({ text }) => text));
      const alike = new Set(lines.flatMap(({ name, alike }) => (alike ? [name] : [])));
      const plain = calls.filter((call) => !alike.has(call.name) && !asStrace(call).includes('<'));
      for (const call of plain) expect(texts).toContain(asStrace(call).replaceAll(rootfs, ROOTFS));
      const { image } = layOut(calls, 'x64');
      const view = new DataView(image.buffer, image.byteOffset);
      for (const [nth, { name }] of calls.entries())
        expect(String(view.getBigInt64(nth * RECORD_BYTES + RECORD.number, true))).toBe(engine.facts(name)?.x64);
    } finally {
      rmSync(rootfs, { recursive: true });
    }
  });
});

const IN_PROGRAM: Partial<Record<SectionId, true>> = {
  join: true,
  setup: true,
  enter: true,
  inside: true,
  leave: true,
  privileges: true,
  exec: true,
};

describe('a plan in the model', () => {
  test('comes to its end, and shows no way out, whatever is switched on', () => {
    for (const asked of everyAsked()) {
      const { end, stopped, wayOut } = engine.trace(asked);
      expect({ ...asked, end, stopped, wayOut: asked.step === 1 ? undefined : wayOut }).toEqual({
        ...asked,
        end: 'executed',
        stopped: undefined,
        wayOut: undefined,
      });
    }
  });

  test('has something to show at every line up to execve', () => {
    const asked = { step: 10, args: ['-p', '8080:80', '-v', 'data:/data', '-t'], v1: false };
    const { moments } = engine.trace(asked);
    const sections = Object.entries(engine.sections(asked));
    const silent = sections
      .filter(([id]) => id in IN_PROGRAM || id === 'before' || id === 'adopt')
      .flatMap(([id, lines]) => lines.map((line, nth) => ({ text: line.text, moment: moments[`${id}.${nth}`] })))
      .filter(({ text, moment }) => !moment?.groups && !text.startsWith('execve'));
    expect(silent).toEqual([]);
  });

  const rows = (title: string, groups: ReturnType<Engine['trace']>['last']) =>
    Object.fromEntries(groups.find((group) => group.title === title)?.rows ?? []);

  test('shows where the process is, as which number, in what, with which limits, as whom, and what it may do', () => {
    const { last, moments } = engine.trace({ step: 10, args: ['--memory', '64m', '-u', '1000'], v1: false });
    expect(rows('Process', last)).toMatchObject({
      number: '1 inside, 4243 on the host',
      program: '/bin/sh',
      root: '/',
    });
    expect(rows('Namespaces', last)).toMatchObject({ pid: 'its own', user: 'its own: 0 is 100000, 65536 ids' });
    expect(rows('Cgroup', last)).toMatchObject({ v2: '/boxstep/web', 'memory.max': '67108864', 'pids.max': '512' });
    expect(rows('Identity', last)).toMatchObject({ user: '1000, on the host 101000' });
    expect(rows('Capabilities', last)).toMatchObject({ 'may use': 'none', 'seccomp filter': '393 instructions' });
    expect(rows('Network', last)).toMatchObject({ eth0: 'up, 172.17.0.2/16', 'default route': 'by 172.17.0.1' });
    const first = moments['before.0']?.groups ?? [];
    expect(rows('Cgroup', first)).toEqual({});
  });

  test('marks what a call has changed, and only that', () => {
    expect(
      rowsBeside(
        [
          ['a', '1'],
          ['b', '2'],
          ['c', '3'],
        ],
        [
          ['a', '1'],
          ['b', '4'],
          ['d', '5'],
        ],
      ),
    ).toEqual([
      { row: ['a', '1'], mark: 'same' },
      { row: ['b', '4'], mark: 'changed', was: '2' },
      { row: ['d', '5'], mark: 'new' },
      { row: ['c', '3'], mark: 'gone' },
    ]);
    const groups = [{ title: 'Process', rows: [['root', '/']] as const }];
    expect(panelHtml(groups, groups)).not.toContain('explorer-mark');
  });
});

describe('what if it’s missing:', () => {
  const without = (step: number, text: RegExp, args: readonly string[] = []) => {
    const asked = { step, args, v1: false };
    const places = Object.entries(engine.sections(asked)).flatMap(([id, lines]) =>
      lines.flatMap((line, nth) => (text.test(line.text) ? [`${id}.${nth}`] : [])),
    );
    expect(places, String(text)).not.toEqual([]);
    return consequence(engine.trace(asked), engine.trace(asked, places));
  };

  test('without MS_PRIVATE, the container’s mounts are on the host, too', () => {
    const { outcome, sentences } = without(1, /^mount\(NULL, "\/", NULL, MS_REC\|MS_PRIVATE/);
    expect(outcome).toBe('different');
    expect(sentences.join('\n')).toMatch(/On the host, too, this is now mounted: \/srv\/rootfs\/proc/);
  });

  test('without it pivot_root refuses, where that is what the plan goes in by', () => {
    const { outcome, sentences } = without(2, /^mount\(NULL, "\/", NULL, MS_REC\|MS_PRIVATE/);
    expect(outcome).toBe('stops');
    expect(sentences[0]).toContain('pivot_root');
  });

  test('without the umount of the old root, that is still mounted', () => {
    expect(without(2, /^umount2/).sentences).toContain('Mounts: / is there: ext4 from /dev/vda rw,relatime (private).');
  });

  test('without a hostname namespace, the host has another name', () => {
    expect(without(1, /^uts$/).sentences).toContain('The host itself is now called web.');
  });

  test.each([
    [/^nft /, /The host lacks the firewall table /],
    [/ip_forward/, /On the host, net\.ipv4\.ip_forward is not set\./],
    [/^ip link add .*bridge/, /It stops here: the host can’t/],
  ])('without %s, it says so of the host’s network', (text, sentence) => {
    expect(without(5, text, ['-p', '8080:80']).sentences.join('\n')).toMatch(sentence);
  });

  test('where the model shows no difference, it says what it doesn’t carry', () => {
    const trace = engine.trace({ step: 1, args: [], v1: false });
    const { outcome, sentences } = consequence(trace, trace);
    expect(outcome).toBe('same');
    expect(sentences.join()).toContain('It can’t tell what else the line is for');
  });

  test('without a limit, the limit is missing', () => {
    expect(without(3, /memory\.max$/, ['--memory', '64m']).sentences).toContain('Cgroup: memory.max is missing.');
  });

  test('without the move into its cgroup, all that its panel says of cgroups is missing', () => {
    const { outcome, sentences } = without(1, /cgroup\.procs$/);
    expect(outcome).toBe('different');
    expect(sentences).toContain('Cgroup: v2 is missing.');
  });

  test('without a call whose result another needs, it stops', () => {
    expect(without(4, /^openat\(.*ptmx/, ['-t']).outcome).toBe('stops');
  });
});

describe('a docker run', () => {
  test('is understood flag by flag, and what has nothing to do with the plan is named', () => {
    expect(
      engine.docker('docker run -d -it --rm --restart always -m 64m -p 8080:80 --name web nginx -g daemon'),
    ).toEqual({
      args: ['-it', '-m', '64m', '-p', '8080:80', '--name', 'web'],
      command: ['-g', 'daemon'],
      ignored: ['-d', '--rm', '--restart'],
    });
  });

  test('becomes a plan', () => {
    const state = { step: 10, on: new Set<string>(), docker: 'docker run -m 64m nginx true' };
    expect(planAt(engine, state).flatMap(([, lines]) => lines.map(({ text }) => text))).toContain(
      'echo 67108864 > /sys/fs/cgroup/boxstep/web/memory.max',
    );
    expect(commandLine(engine, state)).toBe('./boxstep 10 plan --name web -m 64m /srv/rootfs true');
  });

  test('with a value that docker refuses is refused in the step’s words', () => {
    expect(() => engine.docker('docker run -m lots nginx')).toThrow(/memory/);
    expect(() => engine.docker('ls')).toThrow('type it as you would');
  });
});

describe('a difference', () => {
  test('of step 1 and step 2 is what step 2 adds, and the chroot that it replaces', () => {
    const all = compared(at(1), at(2));
    expect(all.filter(({ mark }) => mark === 'new').every(({ line }) => line.step === 2)).toBe(true);
    expect(marked(all, 'new')).toContain('enter: pivot_root(".", ".")');
    expect(marked(all, 'gone')).toEqual([`enter: chroot("${ROOTFS}")`, 'enter: chdir("/")']);
    expect(marked(all, 'changed')).toEqual([]);
  });

  test('of --memory is the lines of memory and no other', () => {
    const all = compared(at(3), at(3, 'memory'));
    expect(marked(all, 'new')).toEqual([
      'before: echo 67108864 > /sys/fs/cgroup/boxstep/web/memory.max',
      'before: echo 67108864 > /sys/fs/cgroup/boxstep/web/memory.swap.max',
      'setup: openat(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY|O_CLOEXEC)',
      'setup: write(‹openat /proc/self/oom_score_adj›, "-1000", 5)',
      'privileges: write(‹openat /proc/self/oom_score_adj›, "0", 1)',
    ]);
    expect([...marked(all, 'gone'), ...marked(all, 'changed')]).toEqual([]);
  });

  test('of --pids-limit is one number', () => {
    const all = compared(at(3), at(3, 'pids'));
    expect(marked(all, 'changed')).toEqual(['before: echo 20 > /sys/fs/cgroup/boxstep/web/pids.max']);
    expect(news(all)).toBe('1 changes');
  });

  test('between v2 and v1 is on the host, and in what is mounted for the container to see of it', () => {
    const ids = compared(at(3), at(3, 'v1')).flatMap(({ id, mark }) => (mark === 'same' ? [] : [id]));
    expect([...new Set(ids)]).toEqual(['before', 'adopt', 'inside', 'after']);
  });

  test('keeps what is gone where it was, and pairs what has the same key', () => {
    const line = (text: string, key = text): Line => ({ kind: 'call', step: 1, text, words: '', key });
    const before = [line('a'), line('b'), line('c 1', 'c'), line('d')];
    const after = [line('a'), line('c 2', 'c'), line('e'), line('d')];
    expect(difference(before, after).map(({ line: { text }, mark, was }) => [text, mark, was])).toEqual([
      ['a', 'same', undefined],
      ['b', 'gone', undefined],
      ['c 2', 'changed', 'c 1'],
      ['e', 'new', undefined],
      ['d', 'same', undefined],
    ]);
  });

  test.each([
    ['', 'nothing changes'],
    ['new', '1 line appears'],
    ['new new changed gone', '2 lines appear, 1 changes, 1 disappears'],
    ['changed changed gone gone', '2 change, 2 disappear'],
  ])('%j is told as %j', (marks, told) => {
    const list = marks.split(' ').filter(Boolean) as Marked['mark'][];
    expect(news(list.map((mark) => ({ mark, line: {} as Line })))).toBe(told);
  });
});

describe('a state', () => {
  test('is the part of an address after #, and back', () => {
    const state = { step: 3, on: new Set(['memory', 'v1']) };
    expect(toHash(state)).toBe('step=3&on=memory,v1');
    const more = { ...state, at: 'setup.1', without: ['setup.0', 'inside.2'] };
    expect(fromHash(`#${toHash(more)}`, engine, state)).toEqual(more);
    const docker = { step: 10, on: new Set<string>(), docker: 'docker run -m 64m a&b' };
    expect(fromHash(`#${toHash(docker)}`, engine, state)).toEqual(docker);
    const beside = { ...state, beside: { step: 2, on: new Set(['hostname']) } };
    expect(fromHash(`#${toHash(beside)}`, engine, state)).toEqual(beside);
    expect(fromHash('#step=3&on=memory,v1', engine, { step: 1, on: new Set() })).toEqual(state);
  });

  test('that there is not, or a heading’s name, leaves all as it was', () => {
    const otherwise = { step: 2, on: new Set(['hostname']) };
    expect(fromHash('#step=99', engine, otherwise)).toBe(otherwise);
    expect(fromHash('#the-plan', engine, otherwise)).toBe(otherwise);
    expect(fromHash('#step=1&on=nonsense', engine, otherwise)).toEqual({ step: 1, on: new Set() });
  });

  test('has a command line, without the flags that its step has not', () => {
    expect(commandLine(engine, { step: 3, on: new Set(['memory', 'tty']) })).toBe(
      './boxstep 3 plan --name web --memory 64m /srv/rootfs sh',
    );
    expect(commandLine(engine, { step: 1, on: new Set() })).toBe('./boxstep 1 plan --name web sh');
  });
});

describe('the HTML', () => {
  test('is the last step’s plan without a script', () => {
    const html = explorerPage(engine);
    expect(html).toContain('<ol class="explorer-plan">');
    expect(html.match(/class="explorer-line"/g)?.length).toBeGreaterThan(50);
    expect(html).toMatch(/<form class="explorer-controls" hidden>/);
  });

  test('of a lesson marks what is new, and leads to the same view of the explorer', () => {
    const html = lessonExplorer(engine, 2, { explorer: '../explorer.html' });
    expect(html).toContain('href="../explorer.html#step=2"');
    expect(html).toMatch(/data-mark="new" data-step="2"/);
    expect(html).not.toMatch(/data-mark="new" data-step="1"/);
  });

  test('of a lesson begins with the flags that show what it adds', () => {
    const html = lessonExplorer(engine, 3);
    expect(html).toContain('./boxstep 3 plan --name web --memory 64m --cpus 0.5 --pids-limit 20 /srv/rootfs sh');
    expect(html).toMatch(/value="memory" checked/);
    expect(html).toContain('explorer.html#step=3"');
  });

  test('of a lesson folds what is as before, so that it begins with the first new line', () => {
    const html = lessonExplorer(engine, 4);
    expect(html).toMatch(/<summary>\d+ lines as in step 3<\/summary>/);
    const open = html.replace(/<li class="explorer-run">.*?<\/details><\/li>/gs, '');
    const lines = open.match(/class="explorer-line"[^>]*>/g) ?? [];
    expect(lines.filter((line) => !line.includes('data-mark='))).toEqual([]);
    expect(lines.length).toBeGreaterThan(15);
  });

  test('has no page over 150 kB', () => {
    for (const html of [explorerPage(engine), ...engine.steps.map(({ number }) => lessonExplorer(engine, number))]) {
      expect(html.length).toBeLessThan(150_000);
    }
  });
});

function constantsIn(text: string): string[] {
  const plain = text.replace(/"[^"]*"/g, '');
  return (plain.match(/\b[A-Z][A-Z_\d]{3,}\b/g) ?? []).filter((name) => name !== 'NULL');
}
