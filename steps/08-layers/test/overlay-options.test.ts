import { asText } from 'shared-native';
import { expect, test } from 'vitest';
import { overlay } from '../src/index.ts';

test('an overlay is given each directory as an option of its own, and no note about renamed directories', () => {
  const texts = overlay({ lowers: ['/b', '/a'], upper: '/u', work: '/w' }).map(asText);
  expect(texts.filter((text) => text.includes('lowerdir+'))).toHaveLength(2);
  expect(texts.find((text) => text.includes('redirect_dir'))).toContain('"off"');
});

test('what is thrown away with the container need not be on the disk before it can be unmounted', () => {
  const texts = (volatile: boolean) =>
    overlay({ lowers: ['/a'], upper: '/u', work: '/w', volatile })
      .map(asText)
      .join();
  expect(texts(true)).toContain('"volatile"');
  expect(texts(false)).not.toContain('"volatile"');
});
