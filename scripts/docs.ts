/** Builds the course as a web site, or serves it while it is written. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../docs/site/build.ts';
import { ROOT } from '../test/readme/markdown.ts';

const USAGE = `usage: npm run docs
       npm run docs:dev

  docs       builds the site in docs/dist; says what is wrong with file and line
  docs:dev   builds it, serves it, and does so again whenever a source changes`;

const { values } = parseArgs({
  options: { serve: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help) console.log(USAGE);
else if (values.serve) await (await import('../docs/site/serve.ts')).serve();
else await once();

async function once(): Promise<void> {
  const started = Date.now();
  try {
    const { out, pages, heaviest } = await build();
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(
      `${relative(ROOT, out)}: ${pages.length} pages in ${seconds} s; the heaviest is ${heaviest.url}, ${Math.ceil(heaviest.bytes / 1000)} kB`,
    );
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
