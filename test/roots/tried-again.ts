import { beforeEach } from 'vitest';
import { removingMade } from './made.ts';

// The second try of a test that failed would find its names taken, and fail by that.
beforeEach(({ onTestFailed }) => onTestFailed(removingMade()));
