/**
 * A process that hands the work of one key to another, and may be killed while it commits.
 *
 *     COMMAND HOME [N]   plans a command of ROTATIONS, checks the outcome, commits; is killed before its Nth step
 */
import { applyChanges } from '../../src/domain/apply.js';
import { checkOutcome } from '../../src/domain/trust/check-outcome.js';
import { commitChanges } from '../../src/store/commit.js';
import { acquireLock } from '../../src/store/lock.js';
import { openWorkspace } from '../../src/store/workspace.js';
import { NOW, self } from '../store/fixtures.js';
import { LATER, planRotation } from './rotations.js';

const [command = '', home = '', step = 'never'] = process.argv.slice(2);
const open = () => openWorkspace({ flags: {}, env: {}, home, cwd: home, now: NOW, self });

let count = 0;
/** Names the step on standard output, and ends the process before the one that was asked for. */
function beforeStep(name: string): void {
  if (count === Number(step)) {
    process.kill(process.pid, 'SIGKILL');
    // the signal comes before the next statement does
    for (;;);
  }
  count += 1;
  process.stdout.write(`${name}\n`);
}

const release = await acquireLock(open().storeRoot, { command: `test ${command}`, self, timeoutMs: 60_000 });
const workspace = open();
const tree = workspace.tree('O');
const changes = planRotation(command, { tree, workspace, now: LATER });
checkOutcome(tree, applyChanges(tree, changes), changes, LATER);
commitChanges(workspace, { operator: 'O' }, changes, { beforeStep });
release();
