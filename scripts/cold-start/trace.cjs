'use strict';
const fs = require('node:fs');
const { SourceMap } = require('node:module');
const path = require('node:path');
const { inspect } = require('node:util');

module.exports = { die, trace };

const maps = new Map();

/** The stack of an error, as V8 writes it, with the lines of the sources in place of the bundle's. */
function trace(error, frames, directory) {
  return [error, ...frames.map((frame) => `    at ${inSource(String(frame), directory)}`)].join('\n');
}

/** What Node does when nobody catches an error, but for the line of code, which would be the bundle's. */
function die(error) {
  fs.writeSync(2, `${inspect(error)}\n\nNode.js ${process.version}\n`);
  process.exit(1);
}

function inSource(frame, directory) {
  return frame.replace(/(\/[^()]*):(\d+):(\d+)/, (place, file, line, column) => {
    if (path.dirname(file) !== directory) return place;
    const found = mapOf(file)?.findEntry(line - 1, column - 1);
    if (found?.originalSource === undefined || found.originalSource.includes(':')) return place; // made by plugin.mjs
    return `${path.resolve(directory, found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}

function mapOf(file) {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

function readMap(file) {
  try {
    return new SourceMap(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined; // it has just been removed: the bundle's lines must do
  }
}
