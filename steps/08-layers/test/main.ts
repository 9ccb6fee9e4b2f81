import { main } from 'step-07';
import { step } from '../src/index.ts';

main(step);
