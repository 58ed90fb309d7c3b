#!/usr/bin/env node
require('../dist/nk.cjs').start();
