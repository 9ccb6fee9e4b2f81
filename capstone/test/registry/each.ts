import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { inRoot } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { TestRegistry } from './server.ts';

/** A registry for all tests of a file, which nobody has logged in to. Before each, it has no fault, and was asked nothing. */
export function registryForEach(): TestRegistry {
  const registry = new TestRegistry();
  beforeAll(async () => {
    vi.stubEnv('DOCKER_CONFIG', inRoot('docker'));
    vi.stubEnv('BOXSTEP_REGISTRIES', '');
    await registry.listen();
  });
  afterAll(() => registry.close());
  beforeEach((context) => {
    needs('root', 'overlay')(context);
    registry.asked.length = 0;
    registry.fault = () => false;
  });
  return registry;
}
