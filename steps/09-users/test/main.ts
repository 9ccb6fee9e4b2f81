import { main } from 'step-08';
import { step } from '../src/index.ts';

main(step);
