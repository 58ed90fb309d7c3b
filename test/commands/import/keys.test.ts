import { describe } from 'vitest';
import { command } from '../../../src/commands/import/keys.js';
import { pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const given: Given = {
  stored: ['a1'],
  files: {
    'dir/o.nk': '$o1.seed\n',
    'dir/a.nk': '$a1.seed',
    'dir/again.nk': '$o1.seed\r\n',
    'dir/readme.txt': 'no seed',
    'dir/deep/x.nk': '$x1.seed',
    'bad/public.nk': pub('u1'),
    'bad/good.nk': '$u1.seed',
    'none/readme.txt': '',
  },
};

describe('seeds', () => {
  itPlans(command, given, {
    'in a directory are stored, each once': [
      '--dir dir',
      { changes: ['put-seed a1', 'put-seed o1'], steps: ['a1 was stored already', 'stored o1'] },
    ],
    'below it are stored, too': [
      '-d dir -R',
      {
        changes: ['put-seed a1', 'put-seed o1', 'put-seed x1'],
        steps: ['a1 was stored already', 'stored o1', 'stored x1'],
      },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no directory': ['', ['missing-option', 'no directory was named']],
    'a directory that is not there': ['-d nowhere', ['file-not-found', '--dir: there is no directory "nowhere"']],
    'a directory without key files': ['-d none', ['file-not-found', 'no key files (*.nk) in "none"']],
    'all of them when one file holds no seed': ['-d bad', ['bad-key', '"bad/public.nk" holds no seed']],
    'an argument': ['dir', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
