import { main } from 'step-01';
import { step } from './index.ts';

main(step);
