/** Keeps READMEs true: the code in them is the source's, their links lead somewhere, their transcripts are real. */
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkHomework, updateHomework } from '../test/readme/homework.ts';
import { checkLinks } from '../test/readme/links.ts';
import { type Problem, ROOT, told } from '../test/readme/markdown.ts';
import { readmes } from '../test/readme/readmes.ts';
import { checkRegions, updateRegions } from '../test/readme/regions.ts';
import { checkTranscript, transcripts, updateTranscripts } from '../test/readme/transcripts.ts';
import { copyRootfs } from '../test/roots/copy.ts';
import setup from '../test/roots/run.ts';

const USAGE = `usage: node --import tsx scripts/readme.ts check|update [--transcripts] [files…]

  check          tells where a README differs from the source or tests, or a link leads nowhere
  update         writes the source's regions and the table of tasks into the READMEs, then checks
  --transcripts  runs the console blocks, too (as root): check compares, update writes what came

Without files: every README of the workspace, and docs.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { transcripts: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const [command, ...files] = positionals;

async function problemsOf(file: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  if (command === 'update') {
    updateRegions(file);
    updateHomework(file);
    if (values.transcripts) problems.push(...(await updateTranscripts(file)));
  } else if (values.transcripts) {
    for (const block of transcripts(file)) problems.push(...(await checkTranscript(block)));
  }
  return [...checkRegions(file), ...checkHomework(file), ...checkLinks(file), ...problems];
}

/** What containers leave, and what they are called, is not this machine's: as in the tests. */
async function withRoot(): Promise<() => Promise<void>> {
  if (!values.transcripts || process.geteuid?.() !== 0) return async () => {};
  const remove = await setup();
  await import('../test/roots/file.ts');
  await copyRootfs();
  return remove;
}

if (values.help || (command !== 'check' && command !== 'update')) {
  (values.help ? console.log : console.error)(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const remove = await withRoot();
  for (const file of files.length > 0 ? files.map((one) => resolve(one)) : readmes()) {
    const problems = await problemsOf(file);
    for (const problem of problems) console.error(told(problem));
    console.log(`${relative(ROOT, file)}: ${problems.length === 0 ? 'right' : `${problems.length} wrong`}`);
    if (problems.length > 0) process.exitCode = 1;
  }
  await remove();
}
