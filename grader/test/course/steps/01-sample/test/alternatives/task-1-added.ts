// Adds the number to itself, by an import that the file doesn't have.
import { strictEqual } from 'node:assert';
strictEqual(typeof n, 'number');
return n + n;
