import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { firstUses } from '../site/api-uses.ts';

test('a name’s first use is where it is imported and called, not a comment, an import, or another name spelled the same', () => {
  const root = mkdtempSync(join(tmpdir(), 'boxstep-uses-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const files = {
    'steps/01-a/src/a.ts': "// mount(here)\nconst mount = () => mount('own');\n",
    'steps/02-b/src/b.ts':
      "import {\n  type Call,\n  mount,\n} from 'shared-native';\n\n// a comment\n/** mount(it) */\nexport const all: Call = mount(\n  'proc',\n  at('/'),\n);\n",
  };
  for (const [path, code] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  const uses = firstUses(root);
  expect([...uses.keys()].sort()).toEqual(['Call', 'mount']);
  expect(uses.get('mount')).toEqual({ path: 'steps/02-b/src/b.ts', line: 8, call: "mount(\n  'proc',\n  at('/'),\n)" });
  expect(uses.get('Call')).toEqual({ path: 'steps/02-b/src/b.ts', line: 8 });
});
