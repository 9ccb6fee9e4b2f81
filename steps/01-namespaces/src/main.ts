import { main, step } from './index.ts';

main(step);
