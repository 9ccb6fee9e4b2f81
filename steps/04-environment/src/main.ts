import { main } from 'step-03';
import { step } from './index.ts';

export { command } from 'step-03';

main(step);
