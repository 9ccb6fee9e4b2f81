import { main, step } from './index.ts';

export { command } from './index.ts';

main(step);
