import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from '../../test/readme/markdown.ts';
import { build } from './build.ts';
import { Output } from './output.ts';

/** What the site is made from; the builder itself is read once, when it starts. */
const WATCHED = ['README.md', 'CONTRIBUTING.md', 'docs', 'shared-native/src', 'steps', 'capstone'];

/** Builds the site, serves it on this machine, and builds and reloads when a source changes. */
export async function serve(): Promise<void> {
  const out = join(ROOT, 'docs/dist');
  const output = new Output(out);
  await attempt(output);
  const server = await createServer({
    configFile: false,
    root: out,
    appType: 'mpa',
    server: { watch: { ignored: ['**/node_modules/**', `${out}/**`] } },
    optimizeDeps: { noDiscovery: true },
  });
  server.watcher.add(WATCHED.map((path) => join(ROOT, path)));
  let building: Promise<boolean> | undefined;
  let isStale = false;
  server.watcher.on('all', async (event, path) => {
    if (event === 'addDir' || path.startsWith(out)) return;
    isStale = true;
    while (isStale && !building) {
      isStale = false;
      building = attempt(output);
      if (await building) server.ws.send({ type: 'full-reload' });
      building = undefined;
    }
  });
  await server.listen();
  server.printUrls();
}

/** Builds, and tells how it went: a mistake in a text must not end the server. */
async function attempt(output: Output): Promise<boolean> {
  try {
    const { pages } = await build({ output });
    console.log(`built ${pages.length} pages`);
    return true;
  } catch (error) {
    console.error((error as Error).message);
    return false;
  }
}
