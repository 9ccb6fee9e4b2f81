import { main } from 'step-07';
import { step } from './index.ts';

main(step);
