import { Socket } from 'node:net';
import { type Call, close, dup3, O_CLOEXEC, perform, pipe2 } from 'shared-native';
import { confined } from './filter.ts';
import type { Student } from './place.ts';

/** The pipes between a student's process and the grader's. */
export interface Pipes {
  /** The end of the process's program: calls behind the one that marks all descriptors to be closed. */
  attach(exec: readonly Call[]): Call[];
  /** Our ends, once the process has a copy of its own. */
  ours(): Pick<Student, 'requests' | 'answers' | 'output'>;
  /** Closes the process's ends here, and ours too if nobody has taken them. */
  close(): void;
}

export function openPipes(): Pipes {
  const [requests, answers, stdout, stderr] = [pipe(), pipe(), pipe(), pipe()];
  const theirs = [requests.read, answers.write, stdout.write, stderr.write];
  let mine = [requests.write, answers.read, stdout.read, stderr.read];
  const [requestEnd, answerEnd, stdoutEnd, stderrEnd] = theirs as [number, number, number, number];
  return {
    attach(exec) {
      const end = [dup3(requestEnd, 3), dup3(answerEnd, 4), dup3(stdoutEnd, 1), dup3(stderrEnd, 2), ...confined()];
      return exec.flatMap((call) => (call.name === 'close_range' ? [call, ...end] : [call]));
    },
    ours() {
      mine = [];
      return {
        requests: new Socket({ fd: requests.write, readable: false, writable: true }),
        answers: readable(answers.read),
        output: [readable(stdout.read), readable(stderr.read)],
      };
    },
    close() {
      for (const descriptor of [...theirs, ...mine]) perform(close(descriptor));
    },
  };
}

function pipe(): { read: number; write: number } {
  const ends = new Uint8Array(8);
  perform(pipe2(ends, O_CLOEXEC));
  const [read, write] = new Int32Array(ends.buffer) as unknown as [number, number];
  return { read, write };
}

function readable(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false });
}
