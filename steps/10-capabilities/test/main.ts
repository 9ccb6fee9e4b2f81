import { main } from 'step-09';
import { step } from '../src/index.ts';

main(step);
