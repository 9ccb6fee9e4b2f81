import { main } from 'step-01';
import { step } from '../src/index.ts';

main(step);
