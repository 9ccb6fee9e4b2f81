import { main } from 'step-07';
import { step } from './index.ts';

export { command } from 'step-07';

main(step);
