import { describe, expect, test } from 'vitest';
import { type Kind, parseDocument } from '../src/image/documents.ts';
import cases from './cases/documents.json' with { type: 'json' };

function isValid(kind: Kind, text: string): boolean {
  try {
    parseDocument(kind, text);
    return true;
  } catch {
    return false;
  }
}

describe("the image spec's own examples are taken and refused as its schemas do", () => {
  test.each(cases.cases.map(([kind, ok, text], at) => ({ at, kind, ok, text })))(
    '$at, $kind: $ok',
    ({ kind, ok, text }) => {
      const documents = kind === 'descriptor' ? `{"schemaVersion":2,"manifests":[${text}]}` : (text as string);
      expect(isValid((kind === 'descriptor' ? 'index' : kind) as Kind, documents)).toBe(ok);
    },
  );
});

test('an error says which value is wrong', () => {
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: ['md5'] } };
  expect(() => parseDocument('config', JSON.stringify(config))).toThrow(
    "its config isn't as it must be: rootfs.diff_ids.0: ",
  );
  expect(() => parseDocument('manifest', '[')).toThrow('its manifest is not JSON: ');
});
