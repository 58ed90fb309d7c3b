#!/usr/bin/env node
const nsc = require('../dist/nsc.cjs');
nsc.useCodeCache();
nsc.start();
