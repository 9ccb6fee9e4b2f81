import { main } from 'step-10';
import { boxstep } from './boxstep.ts';

main(boxstep);
