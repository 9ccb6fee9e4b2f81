import { closeSync, fstatSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  AT_FDCWD,
  type Call,
  clone,
  close,
  exitGroup,
  O_CLOEXEC,
  O_RDONLY,
  openat,
  openLifeline,
  openMeeting,
  perform,
  pidfdGetfd,
  pidfdOpen,
} from '../src/index.ts';

test('the parent learns that the child is there, may copy its descriptors meanwhile, and lets it go on', async () => {
  const meeting = openMeeting();
  const file = openat(AT_FDCWD, '/etc/passwd', O_RDONLY | O_CLOEXEC);
  const child = clone([...meeting.letGo, file, ...meeting.wait, exitGroup(7)]);
  meeting.passedOn();
  child.proceed();
  expect(await meeting.reached()).toBe(true);
  const there = child.progress().find(({ call }) => call === file)?.result ?? -1;
  const pidfd = perform(pidfdOpen(child.pid));
  const copy = perform(pidfdGetfd(pidfd, there));
  expect(fstatSync(copy).isFile()).toBe(true);
  for (const descriptor of [copy, pidfd]) closeSync(descriptor);
  meeting.open();
  expect((await child.exited).status).toBe(7);
  meeting.shut();
});

test('the parent of a child that ends before it comes to the meeting learns that, too', async () => {
  const meeting = openMeeting();
  const child = clone([...meeting.letGo, close(9999), ...meeting.wait, exitGroup(7)]);
  meeting.passedOn();
  child.proceed();
  expect(await meeting.reached()).toBe(false);
  expect((await child.exited).failure).toMatchObject({ code: 'EBADF' });
  meeting.shut();
});

test.each([
  ['goes on while there is someone who could write', false, 7],
  ['stops when there is no one', true, 127],
])('a child that asks its lifeline %s', async (_, isGone, status) => {
  const lifeline = openLifeline();
  const calls: Call[] = [lifeline.letGo, lifeline.check, exitGroup(7)];
  const child = clone(calls);
  lifeline.passedOn();
  if (isGone) lifeline.end();
  child.proceed();
  expect((await child.exited).status).toBe(status);
  lifeline.end();
});

test('neither leaves descriptors open, whether or not there was a child', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let n = 0; n < 20; n++) {
    const [meeting, lifeline] = [openMeeting(), openLifeline()];
    meeting.passedOn();
    lifeline.passedOn();
    meeting.shut();
    lifeline.end();
  }
  expect(open()).toBeLessThan(before + 20);
});
