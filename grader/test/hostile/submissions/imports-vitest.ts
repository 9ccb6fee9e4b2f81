// whole file: imports vitest, to patch it
// told: Cannot find|ERR_MODULE_NOT_FOUND|thrown|tried
import { expect } from 'vitest';
Object.assign(expect, { extend: () => {} });
