// SPDX-License-Identifier: Apache-2.0
// From exec to serving on a journal that is there already, five times, and the memory it then takes.
//   node tests/bench/restart.mjs FOLDER JOURNAL
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, start, stop } from '../e2e/support.mjs';

const context = { after: (fn) => process.on('exit', fn) };
const [dir, journal] = process.argv.slice(2);
const config = join(dir, 'restart.yaml');
writeFileSync(config, `stream: {id: bench, title: {ru: Замер}, languages: [kk, ru], timezone: Asia/Almaty}
listen: 127.0.0.1:0
journal: {kind: sqlite, path: ${journal}}
filters: [${ROOT}/filters/police-kz]
sources: []
`);
const took = [];
let memory = 0;
for (let i = 0; i < 5; i++) {
  const begin = performance.now();
  const daemon = await start(context, config);
  const ready = await fetch(`${daemon.url}/readyz`);
  took.push(performance.now() - begin);
  if (ready.status !== 200) throw new Error(`/readyz: ${ready.status}`);
  memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8'))[1]) / 1024;
  await stop(daemon);
}
took.sort((a, b) => a - b);
console.log(`  exec to /readyz 200: ${took[2].toFixed(0)} ms median of 5 (budget: 1000); the file is `
  + `${(statSync(journal).size / 2 ** 20).toFixed(0)} MiB`);
console.log(`  memory then: ${memory.toFixed(0)} MiB (budget: 256)`);
process.exit(0);
