#!/usr/bin/env node
// The version is said at once; everything else is in the bundle.
if (process.argv.length === 3 && /^(-V|--version)$/.test(process.argv[2])) console.log(process.getBuiltinModule('module').createRequire(import.meta.url)('../package.json').version);
else await import('../dist/k8snet-lab.js');
