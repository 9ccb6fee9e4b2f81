// whole file: imports vitest, to patch it
// told: Cannot find|ERR_MODULE_NOT_FOUND|threw|tried
import { expect } from 'vitest';
Object.assign(expect, { extend: () => {} });
