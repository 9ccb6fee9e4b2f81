import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anchors, slug } from '../../test/readme/links.ts';
import { glossary } from '../glossary.ts';

const FILE = join(import.meta.dirname, '../glossary.md');
const terms = glossary();
const forms = new Set(terms.flatMap(({ term, also }) => [term, ...also]).map((form) => form.toLowerCase()));

/** The words that the design gives a meaning of their own, and the kernel's words of lessons 1 to 4. */
const MUST_HAVES = [
  ['call', 'program', 'action', 'plan', 'step', 'lesson', 'homework', 'stage', 'gate', 'trampoline', 'record', 'cell'],
  ['journal', 'undo', 'task', 'impostor', 'deed', 'adopt', 'namespace', 'cgroup', 'controller', 'hierarchy', 'pidfd'],
  [
    'mount propagation',
    'pivot_root',
    'chroot',
    'pty',
    'controlling terminal',
    'session',
    'ulimit',
    'OOM',
    'throttling',
  ],
  ['bind mount', 'overlay', 'capability', 'user namespace', 'EINVAL', 'errno', 'file descriptor', 'close-on-exec'],
  ['clone', 'execve', 'signal', 'mount namespace', 'PID namespace', 'UTS namespace', 'network namespace', 'PID 1'],
  [
    'IPC namespace',
    'rootfs',
    'system call',
    'freezer',
    'cpuset',
    'swap',
    'tmpfs',
    'devpts',
    'line discipline',
    'umask',
  ],
  [
    'raw mode',
    'process group',
    'foreground process group',
    'supplementary group',
    'environment',
    'exit status',
    'zombie',
  ],
].flat();

test('every word that it must have is there', () => {
  expect(MUST_HAVES.filter((word) => !forms.has(word.toLowerCase()))).toEqual([]);
});

test('a word may be meant by its plural, but for a name', () => {
  const also = (word: string) => terms.find(({ term }) => term === word)?.also;
  expect(also('call')).toEqual(['calls']);
  expect(also('capability')).toEqual(['capabilities']);
  expect(also('pty')).toEqual(['pseudoterminal', 'ptys', 'pseudoterminals']);
  expect(also('pivot_root')).toEqual([]);
});

test('the words are in the order of the alphabet, and none is there twice', () => {
  const names = terms.map(({ term }) => term.toLowerCase().replace(/[^a-z\d ]/g, ''));
  const plain = names.filter((_, nth) => !terms[nth]?.term.startsWith('/'));
  expect(plain).toEqual(plain.toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test('no form means two things', () => {
  const all = terms.flatMap(({ term, also }) => [...new Set([term, ...also].map((form) => form.toLowerCase()))]);
  expect(all.filter((form, nth) => all.indexOf(form) !== nth)).toEqual([]);
});

test('every word has an address of its own', () => {
  const there = anchors(FILE);
  expect(terms.map(({ term }) => slug(term)).filter((name) => !there.has(name))).toEqual([]);
  expect(new Set(terms.map(({ term }) => slug(term))).size).toBe(terms.length);
});

test('every word is told in few sentences', () => {
  for (const { term, meaning } of terms) {
    expect(meaning, term).toMatch(/^[A-Z`[][\s\S]{20,500}[.)]$/);
    expect(meaning, term).not.toMatch(/^Also:/m);
  }
});

test('the kernel’s words name a manual page', () => {
  const own = new Set(
    'action adopt call cell container deed gate homework host image impostor journal kernel lesson plan program record rootfs stage step task trampoline undo'.split(
      ' ',
    ),
  );
  const without = terms.filter(({ term, meaning }) => !own.has(term.toLowerCase()) && !meaning.includes('](https://'));
  expect(without.map(({ term }) => term)).toEqual(['mount point']);
});

test('a line is where its word is', () => {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  for (const { term, line } of terms) expect(lines[line - 1]).toBe(`## ${term}`);
});

test('each word is used in the course, but for one of a step to come', () => {
  const root = join(import.meta.dirname, '../..');
  const files = globSync(
    '{README.md,docs/why-not-fork.md,CONTRIBUTING.md,docs/explorer/*.ts,steps/*/{README.md,src/**/*.ts},shared-native/src/**/*.ts}',
    { cwd: root },
  );
  const course = files.map((file) => readFileSync(join(root, file), 'utf8').toLowerCase()).join('\n');
  const unused = terms.filter(({ term, also }) => ![term, ...also].some((form) => course.includes(form.toLowerCase())));
  expect(unused.filter(({ term }) => term !== 'IPC namespace').map(({ term }) => term)).toEqual([]);
});
