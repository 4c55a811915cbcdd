// `new`: starts a lesson that `verify` accepts.
import path from 'node:path';
import { writeNewFolder } from '../disk/new-folder.ts';
import { newLesson } from '../lesson/new-lesson.ts';
import type { CliCommand } from './cli-command.ts';
import { misuse } from './cluster.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

const isName = (text: string): boolean => /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

export const newCommand: CliCommand = {
  declare(command, caller, done) {
    command.argument('<dir>', 'the folder of the lesson; its name becomes the id')
      .addHelpText('after', '\nThe folder must not exist, or be empty. docs/writing-lessons.md explains the files line by line.')
      .action((dir: string) => {
        const folder = path.resolve(caller.folder, dir);
        const name = path.basename(folder);
        if (!isName(name)) return done(wrong(caller, misuse(`'${name}' cannot be the id of a lesson`, 'Use words of small letters, digits and dashes, starting with a letter: empty-endpoint-list.').failures));
        const schema = path.relative(folder, path.join(caller.home, 'assets', 'schemas', 'lesson.schema.json')).split(path.sep).join('/');
        const files = newLesson(name, schema);
        const written = writeNewFolder(folder, dir, files);
        if (!written.ok) return done(wrong(caller, written.failures));
        caller.out(`${files.map((file) => path.join(dir, file.path)).join('\n')}\n\nProve it after every change: k8snet-lab verify ${dir} --watch\n`);
        return done(status.holds);
      });
  },
};
