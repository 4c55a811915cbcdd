// The plugins that are simulated, and the way from what a Cluster document says to one of them with its options.
import { fail, succeed, type Result } from '../base/result.ts';
import { isRecord } from '../cluster/record.ts';
import type { Problem, Where } from '../model/problem.ts';
import { awsVpcCni } from './aws-vpc-cni.ts';
import { calico } from './calico.ts';
import { cilium } from './cilium.ts';
import type { CniOption, CniOptions, CniPlugin, CniTraits } from './cni-plugin.ts';
import { flannel } from './flannel.ts';
import { weave } from './weave.ts';

/** In alphabetical order, but for the default, which comes first. */
export const cniPlugins: readonly CniPlugin[] = [calico, awsVpcCni, cilium, flannel, weave];

/** The fields of `spec.cni` that every plugin has. */
export const commonFields: readonly string[] = ['plugin', 'mode', 'mtu'];

/** The plugin of that name with a mode of its own (`null`: its default), without options. Fails with `unknown-plugin` or `unknown-mode`. */
export function findCniPlugin(name: string, mode: string | null, where: Where | null): Result<{ readonly plugin: CniPlugin; readonly mode: string }, Problem> {
  const plugin = cniPlugins.find((candidate) => candidate.name === name);
  if (plugin === undefined) {
    return fail({ code: 'unknown-plugin', severity: 'error', says: `no CNI plugin is called "${name}"`, where, help: `Simulated are: ${cniPlugins.map((one) => one.name).join(', ')}.` });
  }
  const chosen = mode ?? plugin.modes[0] ?? '';
  if (!plugin.modes.includes(chosen)) {
    const elsewhere = plugin.options.find(({ values }) => values?.includes(chosen) === true);
    return fail({
      code: 'unknown-mode', severity: 'error', says: `${plugin.name} has no mode "${chosen}" that is simulated`, where,
      help: `Simulated are: ${plugin.modes.join(', ')}.${elsewhere === undefined ? '' : ` It has an option for that: ${elsewhere.name}: ${chosen}.`}`,
    });
  }
  return succeed({ plugin, mode: chosen });
}

/** A plugin as a cluster runs it. */
export interface CniChoice {
  /** Its options are in it: `compile` and `addresses` need none. */
  readonly plugin: CniPlugin;
  readonly mode: string;
  /** `null`: what the plugin works out. */
  readonly mtu: number | null;
  readonly options: CniOptions;
  readonly traits: CniTraits;
  /** `historic-plugin`. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads `spec.cni` of the Cluster document (anything else than an object is an empty one). `instead` is `--cni`: another plugin than the document's
 * has its defaults, and what the document says is left aside. Fails with every problem: `unknown-plugin`, `unknown-mode`, `unknown-option`, `invalid-value`.
 */
export function chooseCni(written: unknown, instead: string | null, where: (field: string) => Where | null): Result<CniChoice, Problem> {
  const said = isRecord(written) ? written : {};
  const name = typeof said['plugin'] === 'string' ? said['plugin'] : 'calico';
  const spec = instead === null || instead === name ? said : {};
  const place = (field: string): Where | null => (instead === null || instead === name ? where(`spec.cni.${field}`) : null);
  const mode = typeof spec['mode'] === 'string' ? spec['mode'] : null;
  const found = findCniPlugin(instead ?? name, mode, place(cniPlugins.some((plugin) => plugin.name === (instead ?? name)) ? 'mode' : 'plugin'));
  if (!found.ok) return found;
  const { plugin } = found.value;
  const failures: Problem[] = [];
  const options: Record<string, string | boolean> = {};
  for (const [field, value] of Object.entries(spec)) {
    if (commonFields.includes(field)) continue;
    const option = plugin.options.find((one) => one.name === field);
    if (option === undefined) failures.push({ code: 'unknown-option', severity: 'error', says: `spec.cni.${printable(field)}: ${plugin.name} has no option of that name`, where: place(field), help: listOf(plugin) });
    else if (!fits(option, value)) failures.push({ code: 'invalid-value', severity: 'error', says: `spec.cni.${field}: Invalid value: ${shown(value)}: ${expected(option)}`, where: place(field), help: option.says });
    else options[field] = value;
  }
  const { mtu } = spec;
  if (mtu !== undefined && !isMtu(mtu)) failures.push({ code: 'invalid-value', severity: 'error', says: `spec.cni.mtu: Invalid value: ${shown(mtu)}: must be between 68 and 65535, inclusive`, where: place('mtu'), help: null });
  for (const { option, says, help } of failures.length === 0 ? plugin.contradictions(options) : []) {
    failures.push({ code: 'invalid-value', severity: 'error', says: `spec.cni.${option}: ${says}`, where: place(option), help });
  }
  if (failures.length > 0) return fail(...failures);
  return succeed({
    plugin: withOptions(plugin, options), mode: found.value.mode, mtu: isMtu(mtu) ? mtu : null, options, traits: plugin.traits(found.value.mode, options),
    warnings: plugin.historic === null ? [] : [{ code: 'historic-plugin', severity: 'warning', says: plugin.historic, where: place('plugin'), help: 'Calico and Cilium carry packets and enforce policies; Flannel carries packets.' }],
  });
}

const withOptions = (plugin: CniPlugin, options: CniOptions): CniPlugin => ({
  ...plugin,
  addresses: (input) => plugin.addresses({ ...input, options }),
  compile: (input) => plugin.compile({ ...input, options }),
});

const isMtu = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 68 && value <= 65_535;

const fits = (option: CniOption, value: unknown): value is string | boolean =>
  (option.type === 'boolean' ? typeof value === 'boolean'
    : typeof value === 'string' && (option.values === null || option.values.includes(value)) && (option.pattern === null || new RegExp(option.pattern).test(value)));

// The lists of instance types are long: a few show what is meant.
const few = (values: readonly string[]): string => (values.length > 8 ? `${values.slice(0, 6).join(', ')} … ${values.at(-1) ?? ''}` : values.join(', '));

const expected = ({ type, values, pattern }: CniOption): string =>
  (type === 'boolean' ? 'must be true or false' : values !== null ? `must be one of: ${few(values)}` : pattern !== null ? `must match ${pattern}` : 'must be a text');

function listOf(plugin: CniPlugin): string {
  const modes = `mode (${plugin.modes.join(', ')})`;
  const options = plugin.options.map(({ name, type, values }) => `${name} (${type === 'boolean' ? 'true, false' : values === null ? 'text' : few(values)})`);
  return `Of ${plugin.name} there are: ${[modes, 'mtu', ...options].join(', ')}.`;
}

const printable = (text: string): string => JSON.stringify(text).slice(1, -1);

const shown = (value: unknown): string => JSON.stringify(value) ?? 'null';
