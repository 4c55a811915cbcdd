// `completion`: what bash, zsh and fish need, made from the commands themselves.
import { Argument } from 'commander';
import type { Command } from 'commander';
import type { CliCommand } from './cli-command.ts';
import { status } from './status.ts';

interface Known {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly flags: readonly string[]; readonly says: string; readonly choices: readonly string[]; readonly takes: 'nothing' | 'file' | 'word' }[];
  /** Words that its argument may be. */
  readonly words: readonly string[];
}

const files = /^<(file|path)>$/;

const knownOf = (command: Command): Known => ({
  name: command.name(),
  summary: command.summary(),
  options: command.options.map((option) => {
    const value = /<[^>]+>/.exec(option.flags)?.[0];
    return { flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null), says: option.description, choices: option.argChoices ?? [], takes: value === undefined ? 'nothing' : files.test(value) ? 'file' : 'word' };
  }),
  words: [...command.commands.map((inner) => inner.name()), ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? [])],
});

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(all: readonly Known[]): string {
  const cases = all.map(({ name, options, words }) => `    ${name}) words=${quoted([...options.flatMap(({ flags }) => flags), '--help', ...words].join(' '))} ;;`);
  const values = all.flatMap(({ options }) => options).filter(({ choices }) => choices.length > 0).map(({ flags, choices }) => `    ${flags.join('|')}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$word")); return ;;`);
  return `# k8snet-lab completion for bash: source <(k8snet-lab completion bash)
_k8snet_lab() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "$before" in
    -f|--filename|--records|--resolv-conf) COMPREPLY=($(compgen -f -- "$word")); return ;;
${[...new Set(values)].join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words=${quoted([...all.map(({ name }) => name), 'help', '--plain', '--ascii', '--no-color', '--no-motion', '--help', '--version'].join(' '))} ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _k8snet_lab k8snet-lab
`;
}

function zsh(all: readonly Known[]): string {
  const plain = (text: string): string => text.replace(/[[\]:]/g, ' ').replaceAll("'", '’');
  const cases = all.map(({ name, options, words }) => {
    const specs = options.flatMap(({ flags, says, choices, takes }) => flags.map((flag) => `'*${flag}[${plain(says)}]${takes === 'nothing' ? '' : `: :${choices.length > 0 ? `(${choices.join(' ')})` : takes === 'file' ? '_files' : ''}`}'`));
    return `    ${name}) _arguments ${[...specs, words.length > 0 ? `'*: :(${words.join(' ')})'` : "'*: :_files'"].join(' ')} ;;`;
  });
  return `#compdef k8snet-lab
# k8snet-lab completion for zsh: k8snet-lab completion zsh > "\${fpath[1]}/_k8snet-lab"
_k8snet_lab() {
  if (( CURRENT == 2 )); then
    local -a commands=(${all.map(({ name, summary }) => `'${name}:${plain(summary)}'`).join(' ')})
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_k8snet_lab" ]; then _k8snet_lab "$@"; else compdef _k8snet_lab k8snet-lab; fi
`;
}

function fish(all: readonly Known[]): string {
  const lines = ['# k8snet-lab completion for fish: k8snet-lab completion fish | source'];
  for (const { name, summary, options, words } of all) {
    lines.push(`complete -c k8snet-lab -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`);
    for (const { flags, says, choices, takes } of options) {
      const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
      const value = takes === 'nothing' ? '' : choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takes === 'file' ? ' -r -F' : ' -x';
      lines.push(`complete -c k8snet-lab -n '__fish_seen_subcommand_from ${name}' ${named}${value} -d ${quoted(says)}`);
    }
    if (words.length > 0) lines.push(`complete -c k8snet-lab -n '__fish_seen_subcommand_from ${name}' -a ${quoted(words.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}

const scripts = { bash, zsh, fish } as const;

export const completion: CliCommand = {
  declare(command, caller, done) {
    // The command line loads every command where this one is called.
    const program = command.parent ?? command;
    command.addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
      .addHelpText('after', '\n  source <(k8snet-lab completion bash)')
      .action((name: keyof typeof scripts) => {
        caller.out(scripts[name](program.commands.map(knownOf)));
        return done(status.holds);
      });
  },
};
