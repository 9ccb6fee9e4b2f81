import { main, step } from './index.ts';

await main(step);
