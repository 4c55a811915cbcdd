// The command line: finds the command that is meant, loads only that one, and gives the exit status.
import { Command, CommanderError } from 'commander';
import type { Caller } from './caller.ts';
import { commands } from './commands.ts';
import { withPlayOptions } from './play-options.ts';
import type { PlayOptions } from './play-options.ts';
import { status } from './status.ts';

const examples = `
Examples:
  k8snet-lab                                    open the map of lessons
  k8snet-lab empty-endpoint-list                open a lesson
  k8snet-lab open -f manifests/                 open your own cluster
  k8snet-lab trace -f manifests/ --from shop/web --to http://api:8080/

Exit status: 0 it holds; 1 it does not hold; 2 the input or the usage is wrong; 70 a defect of ours.`;

/**
 * The whole program as commander knows it. Of the commands only `called` are loaded; of the others name and summary are enough for the help.
 */
async function programFor(called: readonly string[] | 'all', caller: Caller, done: (status: number) => void): Promise<Command> {
  const program = new Command('k8snet-lab')
    .description('Learn Kubernetes networking in the terminal: broken clusters, a faithful simulation, a trace that explains itself.')
    .usage('[options] [LESSON]\n       k8snet-lab [command] [options]')
    .argument('[LESSON]', 'an id, a position in the course, or a folder; the map without one')
    .version(caller.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({ writeOut: caller.out, writeErr: caller.err, getOutHasColors: () => false, getErrHasColors: () => false, getOutHelpWidth: () => 100, getErrHelpWidth: () => 100 })
    .exitOverride()
    .addHelpText('after', examples);
  withPlayOptions(program).action(async (lesson: string | undefined, options: PlayOptions) => {
    const { playLesson } = await import('./play.ts');
    done(await playLesson(caller, lesson, options, commands.map(({ name }) => name)));
  });
  for (const { name, summary, load } of commands) {
    // commander copies the settings above to a command that it makes itself.
    const command = program.command(name).summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`).version(caller.version, '-V, --version', 'print the version').helpOption('-h, --help', 'print this help');
    if (called === 'all' || called.includes(name)) (await load()).declare(command, caller, done);
  }
  return program;
}

/** Runs one command line and gives its exit status. */
export async function commandLine(words: readonly string[], caller: Caller): Promise<number> {
  let given: number | undefined;
  const program = await programFor(words.includes('completion') ? 'all' : words, caller, (code) => { given = code; });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? status.holds : status.wrong;
  }
  return given ?? status.holds;
}
