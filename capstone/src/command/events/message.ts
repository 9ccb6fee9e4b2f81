import { fill, Misuse, Struct, templateOf } from 'step-10';
import { byName } from '../../shown/by-name.ts';
import type { Told } from './read.ts';

/** What prints an event: docker's line, JSON, or what a template makes of it. @throws {Error} if it is none, or makes nothing of an event */
export function printer(format = ''): (event: Told) => string {
  if (format === '') return line;
  const template = parsed(format);
  return (event) => `${fill(template, message(event))}\n`;
}

function parsed(format: string): ReturnType<typeof templateOf> {
  try {
    const template = templateOf(format === 'json' ? '{{json .}}' : format);
    fill(template, message({ time: 0, timeNano: '0', Type: 'container', Action: '', id: '', attributes: {} }), false);
    return template;
  } catch (error) {
    throw new Misuse(`Error parsing format: ${((error as Error).cause as Error).message}`, 64);
  }
}

function line({ timeNano, Type, Action, id, attributes }: Told): string {
  const pairs = byName(attributes).map((pair) => pair.join('='));
  const seconds = new Date(Number(timeNano.slice(0, -9)) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${timeNano.slice(-9)}Z ${Type} ${Action} ${id}${pairs.length > 0 ? ` (${pairs.join(', ')})` : ''}\n`;
}

/** An event as docker's API has it. */
function message({ time, timeNano, Type, Action, id, attributes }: Told): Struct {
  const actor = new Struct('events.Actor', { ID: id, Attributes: Object.fromEntries(byName(attributes)) });
  const isContainers = Type === 'container';
  const hasOlder = isContainers || Type === 'image'; // docker keeps these three for older clients
  const from = isContainers ? (attributes.image ?? '') : '';
  const older = { Status: hasOlder ? Action : '', ID: hasOlder ? id : '', From: from };
  return new Struct(
    '*events.Message',
    {
      ...(hasOlder && { status: Action, id, ...(isContainers && { from }) }),
      ...{ Type, Action, Actor: actor, scope: 'local' },
      time: Math.trunc(time / 1000),
      timeNano: Number(timeNano),
    },
    { ...older, Scope: 'local', Time: Math.trunc(time / 1000), TimeNano: timeNano },
  );
}
