#!/usr/bin/env node
import { run } from 'gradtape/command';

// Whoever reads the output may stop early: gradtape check file.ts | head
process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? process.exitCode : 1));
process.exitCode = await run(process.argv.slice(2));
