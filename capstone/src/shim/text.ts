import { CLONE_NEWPID, execve, graphText, openLifeline, openMeeting } from 'shared-native';
import { headerOf } from '../log/frames.ts';
import { namesOf } from '../log/open.ts';
import type { LogOptions } from '../log/options.ts';
import { shimGraph } from './graph.ts';
import type { Log } from './log-graph.ts';

/** The numbers that descriptors have in the text. A real shim has others, but for 0 to 2. */
const FD = { journal: 60, status: 61, turn: 62, log: 63, out: 64, err: 65, directory: 66 };
const [EXECUTED, PROGRAM] = [67, 68];

const LEGEND = Object.entries(FD)
  .map(([name, fd]) => `${fd} ${name}`)
  .join(', ');

/** What it says of the container. */
interface Shown {
  readonly title?: string | undefined;
  readonly command?: readonly string[];
}

// #region the shim as text
/** What a shim does, for people: the graph of a container without a terminal, whose own program is one line of it. */
export function shimText({ maxSize, maxFile, bufferBytes }: LogOptions, { title = 'NAME', command = [] }: Shown = {}) {
  const argv = command.length > 0 ? command : ['COMMAND'];
  const { journal, status, turn, log: file, out, err, directory } = FD;
  const mark = new Uint8Array(16);
  const rotation = maxSize === undefined ? undefined : { directory, names: namesOf('log', maxFile), maxSize };
  const log: Log = {
    file,
    mark,
    header: headerOf(mark),
    out,
    err,
    bufferBytes,
    ...(rotation && { rotation }),
  };
  const [meeting, lifeline] = [openMeeting(), openLifeline()];
  try {
    const graph = shimGraph(
      {
        ...{ title, joins: [], namespaces: CLONE_NEWPID, calls: [execve(argv[0] ?? '', argv, [])] },
        ...{ keeps: [journal], passes: [], executed: EXECUTED, meeting, lifeline, status, log, turn },
        ...{ oom: { shim: -999, before: 0 }, persona: 0, cleanUp: ['boxstep', 'clean-up', title], environment: [] },
      },
      { address: 0x21_0000, offset: 0x1_0000, length: 0x3000, fd: PROGRAM },
      new Uint8Array(4),
    );
    return `# Descriptors: 0 its input, 2 the container, ${LEGEND}.\n${graphText(graph)}`;
  } finally {
    for (const end of [meeting.passedOn, meeting.shut, lifeline.passedOn, lifeline.end]) end();
  }
}
// #endregion
