import { addLine } from '../src/containers/event-file.ts';

// Writes 200 events: node event-writer.ts PATH NAME FULL
const [path = '', name = '', full] = process.argv.slice(2);
for (let nth = 0; nth < 200; nth++) {
  const event = { Type: 'container', Action: 'start', id: `${name}-${nth}`, timeNano: '1000000' };
  addLine(path, JSON.stringify(event), Number(full));
}
