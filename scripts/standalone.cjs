// What `npm run build:standalone` makes an executable of: both programs, told apart by the name they are called by.
const { basename } = require('node:path');

if (/^nk(\.exe)?$/i.test(basename(process.argv0))) require('../dist/nk.cjs').start();
else require('../dist/nsc.cjs').start();
