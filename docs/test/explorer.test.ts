import { asStrace, inWords, layOut, RECORD, RECORD_BYTES } from 'shared-native';
import { inOrder } from 'step-01';
import { step as step2 } from 'step-02';
import { step as step4 } from 'step-04';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { stepNumbers } from '../../grader/src/step/step.ts';
import { dataFor } from '../explorer/controls.ts';
import { explorerData } from '../explorer/data.ts';
import { difference, type Marked, news } from '../explorer/difference.ts';
import { image, planOf, ROOTFS } from '../explorer/machine.ts';
import { pack, unpack } from '../explorer/pack.ts';
import { explorerPage, lessonExplorer } from '../explorer/render.ts';
import { sectionsOf } from '../explorer/sections.ts';
import { commandLine, fromHash, planAt, toHash } from '../explorer/state.ts';
import { type PlanOf, tabulate } from '../explorer/tabulate.ts';
import type { ExplorerData, Line } from '../explorer/types.ts';
import { markedPlan } from '../explorer/view.ts';

let data: ExplorerData;
let rootAfter: string | undefined;
beforeAll(async () => {
  vi.stubEnv('BOXSTEP_ROOT', undefined);
  data = await explorerData();
  rootAfter = process.env.BOXSTEP_ROOT;
  vi.unstubAllEnvs();
}, 240_000); // some thousand plans: 20 s of an idle processor

const at = (step: number, ...on: string[]) => planAt(data, { step, on: new Set(on) });
const compared = (before: ReturnType<typeof at>, after: ReturnType<typeof at>) =>
  markedPlan(after, before).flatMap(({ id, lines }) => lines.map((one) => ({ id, ...one })));
const marked = (all: readonly (Marked & { id: string })[], mark: Marked['mark']) =>
  all.filter((one) => one.mark === mark).map(({ id, line }) => `${id}: ${line.text}`);

describe('the data', () => {
  test('holds every step that there is, by its own title', () => {
    expect(data.steps.map(({ number }) => number)).toEqual(stepNumbers());
    expect(data.steps[1]).toMatchObject({ folder: '02-rootfs', title: step2.title, takesRootfs: true });
  });

  test('is the same each time, and knows nothing of the machine that it was made on', async () => {
    const text = JSON.stringify(data);
    expect(JSON.stringify(await explorerData())).toBe(text);
    expect(text).not.toMatch(/boxstep-explorer-|\/var\/cache|\/root\/work|\/tmp\/box/);
    expect(text).toContain(ROOTFS);
  }, 240_000);

  test('made a BOXSTEP_ROOT, an empty one, where there was none', () => {
    expect(rootAfter).toBeUndefined();
  });

  test('is small: all steps with all combinations of switches', () => {
    expect(pack(data).length).toBeLessThan(200_000);
  });

  test('has every flag that occurs explained', () => {
    const shown = new Set(data.lines.flatMap(({ args = [] }) => args.flatMap(([, text]) => constantsIn(text))));
    expect([...shown].filter((flag) => data.flags[flag] === undefined)).toEqual([]);
    expect(shown.size).toBeGreaterThan(20);
  });

  test('has plain words for every line, and a manual page for every call and namespace', () => {
    for (const { kind, text, words, name = '', manual } of data.lines) {
      expect(words, text).not.toBe('');
      expect(words, text).not.toBe(text);
      if (kind === 'call') expect(data.calls[name]?.address, text).toMatch(/^https:\/\/man7\.org\/.*\.html$/);
      if (kind === 'namespace') expect(manual?.[0]).toMatch(/_namespaces\(7\)$/);
    }
  });

  test('shows what is done on the host with its undo', () => {
    const before = at(1).find(([id]) => id === 'before')?.[1] ?? [];
    expect(before[0]).toMatchObject({ kind: 'deed', step: 1, text: 'mkdir -p /sys/fs/cgroup/boxstep/web' });
    expect(before[0]?.undo?.[0]).toContain('rmdir /sys/fs/cgroup/boxstep/web');
  });
});

describe('a plan of the explorer', () => {
  const args = ['--memory', '64m', '-t', '-u', '1000'];
  const on = ['memory', 'tty', 'user', 'v1'];

  test('is what the step plans, call for call', () => {
    const root = image();
    try {
      const plan = planOf(step4, root.path, args, true);
      const calls = inOrder(plan.program);
      const shown = at(4, ...on).flatMap(([id, lines]) => (id in plan.program ? lines : []));
      const whole = (text: string) => text.replaceAll(root.path, ROOTFS);
      expect(shown.flatMap(({ name, alike = [''] }) => alike.map(() => name))).toEqual(calls.map(({ name }) => name));
      const first = calls.filter(
        (call, nth) =>
          !(nth > 0 && call.name === calls[nth - 1]?.name && inWords(call) === inWords(calls[nth - 1] ?? call)),
      );
      const plain = first.filter((call) => !asStrace(call).includes('<'));
      for (const call of plain) expect(shown.map(({ text }) => text)).toContain(whole(asStrace(call)));
    } finally {
      root.remove();
    }
  });

  test('shows in each record what program.ts lays out', () => {
    const root = image();
    try {
      const calls = inOrder(planOf(step4, root.path, args, true).program);
      const { image: bytes } = layOut(calls, 'x64');
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const word = (offset: number) => Number(view.getBigInt64(offset, true));
      for (const [nth, call] of calls.entries()) {
        const record = nth * RECORD_BYTES;
        expect(String(word(record + RECORD.number))).toBe(data.calls[call.name]?.x64);
        const line = data.lines.find(({ text }) => text === asStrace(call));
        for (const [index, argument] of Object.values(call.args).entries()) {
          if (argument.kind !== 'integer' || typeof argument.value !== 'number') continue;
          const [, shown = '', raw = shown] = line?.args?.[index] ?? ['', String(argument.value)];
          expect(String(word(word(record + RECORD.arguments + index * 8)) || 0)).toBe(raw);
        }
      }
    } finally {
      root.remove();
    }
  });

  test('is right for combinations that were not tabulated', () => {
    const root = image();
    try {
      const combinations = [
        ['memory', 'cpus', 'pids', 'tty', 'user', 'workdir'],
        ['hostname', 'env', 'ulimit', 'read-only', 'v1', 'cpus'],
      ];
      for (const combination of combinations) {
        const chosen = data.toggles.filter(({ id }) => combination.includes(id)).flatMap((one) => one.args);
        const sections = sectionsOf(planOf(step4, root.path, chosen, combination.includes('v1')));
        const expected = JSON.parse(JSON.stringify(sections).replaceAll(root.path, ROOTFS));
        expect(Object.fromEntries(at(4, ...combination))).toEqual(expected);
      }
    } finally {
      root.remove();
    }
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
    expect(news(list.map((mark) => ({ mark, line: data.lines[0] as Line })))).toBe(told);
  });
});

describe('a table of plans', () => {
  const line = (text: string): Line => ({ kind: 'call', step: 1, text, words: '', key: text });
  const only = (setup: Line[]) => ({ setup }) as unknown as ReturnType<PlanOf>;

  test('has a list for each combination of the switches that matter, and of no other', () => {
    const planFor: PlanOf = (on) => only([line(on.has('a') && on.has('b') ? 'both' : 'not both')]);
    const [section] = tabulate(['a', 'b', 'c'], planFor);
    expect(section?.depends).toEqual(['a', 'b']);
    expect(section?.lists.map(([one]) => one?.text)).toEqual(['not both', 'not both', 'not both', 'both']);
  });

  test('is refused when switches work together in a way that it does not see', () => {
    const three: PlanOf = (on) => only([line(on.size === 3 ? 'all three' : 'no')]);
    expect(() => tabulate(['a', 'b', 'c', 'd', 'e'], three)).toThrow('is not what its table says');
  });
});

describe('a state', () => {
  test('is the part of an address after #, and back', () => {
    const state = { step: 3, on: new Set(['memory', 'v1']) };
    expect(toHash(state)).toBe('step=3&on=memory,v1');
    expect(fromHash('#step=3&on=memory,v1', data, { step: 1, on: new Set() })).toEqual(state);
  });

  test('that there is not, or a heading’s name, leaves all as it was', () => {
    const otherwise = { step: 2, on: new Set(['hostname']) };
    expect(fromHash('#step=99', data, otherwise)).toBe(otherwise);
    expect(fromHash('#the-plan', data, otherwise)).toBe(otherwise);
    expect(fromHash('#step=1&on=nonsense', data, otherwise)).toEqual({ step: 1, on: new Set() });
  });

  test('has a command line, without the flags that its step has not', () => {
    expect(commandLine(data, { step: 3, on: new Set(['memory', 'tty']) })).toBe(
      './boxstep 3 plan --name web --memory 64m /srv/rootfs sh',
    );
    expect(commandLine(data, { step: 1, on: new Set() })).toBe('./boxstep 1 plan --name web sh');
  });
});

describe('the HTML', () => {
  test('is the last step’s plan without a script', () => {
    const html = explorerPage(data).replace(/<script.*?<\/script>/s, '');
    expect(html).toContain('<ol class="explorer-plan">');
    expect(html.match(/class="explorer-line"/g)?.length).toBeGreaterThan(50);
    expect(html).toMatch(/<form class="explorer-controls" hidden>/);
  });

  test('of a lesson marks what is new, and leads to the same view of the explorer', () => {
    const html = lessonExplorer(data, 2, { explorer: '../explorer.html' });
    expect(html).toContain('href="../explorer.html#step=2"');
    expect(html).toMatch(/data-mark="new" data-step="2"/);
    expect(html).not.toMatch(/data-mark="new" data-step="1"/);
  });

  test('of a lesson begins with the flags that show what it adds', () => {
    const html = lessonExplorer(data, 3);
    expect(html).toContain('./boxstep 3 plan --name web --memory 64m --cpus 0.5 --pids-limit 20 /srv/rootfs sh');
    expect(html).toMatch(/value="memory" checked/);
    expect(html).toContain('explorer.html#step=3"');
  });

  test('of a lesson holds the data of its step and the one before, and no more', () => {
    const part = dataFor(data, 2);
    expect(part.steps.map(({ number }) => number)).toEqual([1, 2]);
    expect(planAt(part, { step: 2, on: new Set(['v1']) })).toEqual(at(2, 'v1'));
  });

  test('holds the data packed, and nothing of it is lost', () => {
    expect(unpack(pack(data))).toEqual(data);
    expect(pack(data).length).toBeLessThan(0.6 * JSON.stringify(data).length);
    expect(pack({ ...data, lines: [{ ...(data.lines[0] as Line), text: '</script>' }] })).not.toContain('</script>');
  });

  test('has no page over 300 kB', () => {
    for (const html of [explorerPage(data), ...data.steps.map(({ number }) => lessonExplorer(data, number))]) {
      expect(html.length).toBeLessThan(300_000);
    }
  });
});

function constantsIn(text: string): string[] {
  const plain = text.replace(/"[^"]*"/g, '');
  return (plain.match(/\b[A-Z][A-Z_\d]{3,}\b/g) ?? []).filter((name) => name !== 'NULL');
}
