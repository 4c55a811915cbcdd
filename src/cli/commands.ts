// The commands, in the order of the help.
import type { CommandEntry } from './cli-command.ts';

export const commands: readonly CommandEntry[] = [
  { name: 'open', summary: 'open your own manifests in the lab: the sandbox', load: async () => (await import('./open.ts')).open },
  { name: 'lessons', summary: 'list the lessons with your progress', load: async () => (await import('./lessons.ts')).lessons },
  { name: 'trace', summary: 'one request, hop by hop', load: async () => (await import('./trace.ts')).trace },
  { name: 'dns', summary: 'one name, query by query', load: async () => (await import('./dns.ts')).dns },
  { name: 'reach', summary: 'who can reach whom, as exact port sets', load: async () => (await import('./reach.ts')).reach },
  { name: 'shell', summary: "the lab's terminal without the screen", load: async () => (await import('./shell.ts')).shell },
  { name: 'check', summary: "apply a fix to a lesson's broken cluster and grade it", load: async () => (await import('./check.ts')).check },
  { name: 'verify', summary: 'prove lessons: broken before, solved by every solution, every wrong fix refused', load: async () => (await import('./verify.ts')).verify },
  { name: 'new', summary: 'start a new lesson that verify accepts', load: async () => (await import('./new.ts')).newCommand },
  { name: 'drill', summary: 'a healthy cluster with seeded faults, graded like a lesson', load: async () => (await import('./drill.ts')).drill },
  { name: 'progress', summary: 'what was done; export it, or import it from a file', load: async () => (await import('./progress.ts')).progress },
  { name: 'completion', summary: 'print the completion script of a shell', load: async () => (await import('./completion.ts')).completion },
];
