import { SILENT } from '../../../capstone/src/registry/progress/progress.ts';
import { pull } from '../../../capstone/src/registry/pull.ts';
import { parseReference } from '../../../steps/08-layers/src/index.ts';

// Pulls an image, started as ./boxstep is, and prints how much memory that took at most, in KiB.

main(process.argv[2] as string);

async function main(name: string): Promise<void> {
  await pull(parseReference(name), { progress: SILENT });
  process.stdout.write(`${process.resourceUsage().maxRSS}`);
}
