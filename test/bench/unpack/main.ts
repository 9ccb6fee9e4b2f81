import { findImage, type Image } from '../../../steps/08-layers/src/index.ts';
import { provideLayers } from '../../../steps/08-layers/src/store/provide.ts';

// Unpacks an image of the store, started as ./boxstep is, and prints how much memory that took at most, in KiB.

unpack(process.argv[2] as string);

async function unpack(name: string): Promise<void> {
  await provideLayers(findImage(name) as Image, () => {});
  process.stdout.write(`${process.resourceUsage().maxRSS}`);
}
