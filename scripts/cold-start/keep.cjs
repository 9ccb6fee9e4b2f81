'use strict';

module.exports = { keep, pack };

/**
 * Keeps what V8 has compiled, at the end of the first run of a command: it is just what the next one needs. Not after
 * one that failed or gave help, which hardly began; nor after a long one, when V8 has dropped what it hadn't used lately.
 */
function keep({ file, header, source, script }, word, status, write) {
  if (status === 125 || process.argv.indexOf('--help') > 2 || process.uptime() > 10) return;
  try {
    const words = [...new Set([...header.words, word])];
    write(file, pack({ ...header, words }, source, script.createCachedData()));
  } catch {
    // The clone is read-only, or the disk is full: the next start takes as long as this one.
  }
}

/** A cache file's bytes. The code begins at a multiple of 8, or V8 would copy it first. @param source - of which each character is a byte */
function pack(header, source, code = Buffer.alloc(0)) {
  const json = Buffer.from(JSON.stringify({ ...header, length: source.length }));
  const odd = (json.length + 1 + source.length) % 8;
  const first = Buffer.concat([json, Buffer.from(`${' '.repeat(8 - odd)}\n`)]);
  const half = [first, Buffer.from(source, 'latin1'), code];
  return Buffer.concat([...half, ...half]);
}
