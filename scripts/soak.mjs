// @ts-check
/**
 * Runs the unit and the end-to-end tests on a fresh build with REELKEEP_SOAK=1: tests that look for what only fails after many
 * runs (memory, recycled workers, leaked handles) read it and repeat themselves. Takes long; not part of `npm test`.
 *
 *   npm run soak [-- --rounds 3]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`"${values.rounds}" is not a number of rounds.`);
  process.exit(2);
}

/** @param {string} only */
const runTests = (only) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('test.mjs', import.meta.url)), '--only', only], {
    stdio: 'inherit',
    env: { ...process.env, REELKEEP_SOAK: '1' },
  }).status === 0;

let failed = 0;
for (let round = 1; round <= rounds; round += 1) {
  console.log(`\nSoak: round ${round} of ${rounds}`);
  if (!runTests(round === 1 ? 'build,unit,e2e' : 'unit,e2e')) failed += 1;
}
console.log(`\nSoak: ${rounds - failed} of ${rounds} rounds passed`);
if (failed > 0) process.exitCode = 1;
