import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** What a test may need of the machine, and how to tell. */
const NEEDS = {
  root: { there: () => process.geteuid?.() === 0, why: 'it starts real containers, which takes root: sudo npm test' },
  as: { there: () => installed('as'), why: 'GNU as is not installed: apt-get install binutils' },
  'as for arm64': {
    there: () => installed('aarch64-linux-gnu-as'),
    why: 'the arm64 assembler is not installed: apt-get install binutils-aarch64-linux-gnu',
  },
  'qemu for arm64': { there: () => installed('qemu-aarch64'), why: 'qemu is not installed: apt-get install qemu-user' },
  cc: { there: () => installed('cc'), why: 'a C compiler is not installed: apt-get install gcc libc6-dev' },
  pnpm: { there: () => installed('pnpm'), why: 'pnpm is not installed: npm install -g pnpm@12' },
  chromium: { there: () => installed('chromium'), why: 'Chromium is not installed: apt-get install chromium' },
  tmux: { there: () => installed('tmux'), why: 'tmux is not installed: apt-get install tmux' },
} satisfies Record<string, { there: () => boolean; why: string }>;

/** Something that a test needs of the machine. */
export type Need = keyof typeof NEEDS;

/** Skips a test on a machine that lacks what it needs, with the reason. For `beforeEach`. */
export function needs(...wanted: Need[]): (context: TestContext) => void {
  const missing = wanted.filter((need) => !NEEDS[need].there());
  return (context) => context.skip(missing.length > 0, missing.map((need) => NEEDS[need].why).join('; '));
}

function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
