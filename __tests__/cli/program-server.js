// program-server.js BUNDLE: runs the program of a bundle as often as it is told, {words, folder, environment} a run, each time
// from its first line. A run ends as a process does: when there is nothing left to wait for, with what process.exitCode says.
// To start Node.js and to read the bundle would take longer than most runs. process.exit ends this, too.
const http = require("node:http");
const https = require("node:https");
const { createRequire } = require("node:module");
const { tmpdir } = require("node:os");
const { dirname } = require("node:path");
const { compiledBundle } = require("../compiled-bundle");

const [, , bundle, end] = process.argv;
const { script, keep } = compiledBundle(bundle);

const emitters = [process, process.stdin, process.stdout, process.stderr];
/** Who listens to what, but to messages. */
const listeners = () =>
  emitters.flatMap((emitter) =>
    emitter
      .eventNames()
      .flatMap((event) => emitter.rawListeners(event).map((listener) => ({ emitter, event, listener }))),
  );
let before;

process.on("message", ({ words, folder, environment }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
  process.argv = [process.execPath, bundle, ...words];
  before ??= listeners();
  process.channel.unref();
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
});

process.on("beforeExit", (status) => {
  if (!process.connected) return;
  keep();
  const known = new Set(before.map(({ listener }) => listener));
  const added = listeners().filter(({ listener }) => !known.has(listener));
  for (const { emitter, event, listener } of added) {
    if (emitter === process && event === "exit") listener.call(process, status);
    emitter.removeListener(event, listener);
  }
  // What a process leaves open, its end closes.
  http.globalAgent.destroy();
  https.globalAgent.destroy();
  process.exitCode = undefined;
  process.chdir(tmpdir());
  for (const stream of [process.stdout, process.stderr]) stream.write(end);
  process.send({ status });
  process.channel.ref();
});
