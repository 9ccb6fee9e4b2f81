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
  const [before, after = ''] = frame.split(`${directory}/`);
  const [place, name, line, column] = /^([^/]+):(\d+):(\d+)/.exec(after) ?? [];
  const found = name && mapOf(path.join(directory, name))?.findEntry(line - 1, column - 1);
  if (!found?.originalSource || found.originalSource.includes(':')) return frame; // not ours, or made by plugin.mjs
  const source = path.resolve(directory, found.originalSource);
  return `${before}${source}:${found.originalLine + 1}:${found.originalColumn + 1}${after.slice(place.length)}`;
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
