#!/usr/bin/env node
// Checks the Node version before anything else is loaded, then hands over. Kept to the syntax of Node 12 so that an old
// Node can say what is wrong instead of failing to parse.
import { existsSync, readFileSync } from 'fs';

var source = new URL('../harness/cli/main.ts', import.meta.url);
// Node strips no types below node_modules: an installed package is always the built one.
var isCheckout = existsSync(source) && source.pathname.indexOf('/node_modules/') === -1;
var manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
var needed = manifest.engines.node.replace(/[^0-9.]/g, '').split('.').map(Number);
var present = process.versions.node.split('.').map(Number);
var enough = present[0] > needed[0] || (present[0] === needed[0] && present[1] >= (needed[1] || 0));

if (!enough) {
  process.stderr.write(
    'error[E_USAGE]: leaderfall needs Node ' + needed.join('.') + ' or newer; this is Node ' + process.versions.node + '\n' +
    (isCheckout
      ? 'hint: npm ci puts a Node of its own into this folder; npx leaderfall and npm scripts use it\n'
      : 'hint: install a current Node: https://nodejs.org/en/download\n')
  );
  process.exitCode = 2;
} else {
  var entry = isCheckout ? source : new URL('../dist/harness/cli/main.js', import.meta.url);
  // What is compiled once is kept in the temporary folder: a start takes a third less.
  import('module')
    .then(function (module) { module.enableCompileCache(); return import(entry.href); })
    .then(function (cli) { return cli.main(process.argv.slice(2)); })
    .then(leave, function (error) {
      var missing = error && error.code === 'ERR_MODULE_NOT_FOUND';
      process.stderr.write(missing
        ? 'error[E_USAGE]: ' + error.message + '\nhint: run npm ci first\n'
        : 'error[E_INTERNAL]: ' + (error && error.stack) + '\n');
      leave(missing ? 2 : 70);
    });
}

/** Lets output drain; a handle that a client library left open does not keep the process for long. */
function leave(code) {
  process.exitCode = code;
  setTimeout(function () { process.exit(code); }, 2000).unref();
}
