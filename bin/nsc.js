#!/usr/bin/env node
require('../dist/nsc.cjs').start();
