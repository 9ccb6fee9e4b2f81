import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { state } from 'step-10';
import { beforeEach, expect, test } from 'vitest';
import { eventsPath } from '../src/containers/event.ts';
import { events } from '../src/events.ts';

beforeEach(() => {
  mkdirSync(state().journals, { recursive: true });
  rmSync(eventsPath(), { force: true });
});

const happened = (id: string, time: number) =>
  appendFileSync(eventsPath(), `${JSON.stringify({ timeNano: `${time}000000`, Type: 'container', Action: '', id })}\n`);

async function heard(when: Parameters<typeof events>[0]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events(when)) ids.push(id);
  return ids;
}

test('since and until are told with what is between them, and nothing before or after', async () => {
  for (const time of [999, 1000, 1500, 2000, 2001]) happened(`at ${time}`, time);
  expect(await heard({ since: 1000, until: 2000 })).toEqual(['at 1000', 'at 1500', 'at 2000']);
});
