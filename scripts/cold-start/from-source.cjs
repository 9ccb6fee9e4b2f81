'use strict';
const { enableCompileCache } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/**
 * Runs a file as it is, without a bundle: Node strips the types, and keeps what it has compiled.
 *
 * @param prepare - makes a folder for that, and says whether it can be used
 */
exports.run = function run(main, prepare) {
  const directory = path.resolve(__dirname, '../../node_modules/.cache/node-compile');
  if (prepare(directory)) enableCompileCache(directory);
  import(pathToFileURL(main).href);
};
