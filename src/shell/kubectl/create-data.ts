// kubectl create configmap and secret: keys and values from literals and files.
import { at } from '../describe/writer.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain, usage } from './command.ts';
import type { VerbCall } from './command.ts';
import { textOf, textsOf } from './flags.ts';
import { fileText, oneName, sendObject } from './send-object.ts';

const keyRule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Everything that the flags name, by key. */
function dataOf(call: VerbCall): { readonly data: Readonly<Record<string, string>> } | { readonly answer: Answer } {
  const data = new Map<string, string>();
  const add = (key: string, value: string): Answer | null => {
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) return complain(`"${key}" is not a valid key name for a ConfigMap: ${keyRule}`);
    if (data.has(key)) return complain(`cannot add key "${key}", another key by that name already exists in Data for ConfigMap "${call.words[1] ?? ''}"`);
    data.set(key, value);
    return null;
  };
  for (const given of textsOf(call.flags, 'from-file').flatMap((text) => text.split(','))) {
    const equals = given.indexOf('=');
    const path = equals < 0 ? given : given.slice(equals + 1);
    const key = equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : given.slice(0, equals);
    if (equals >= 0 && (key === '' || path === '')) return { answer: complain(key === '' ? `key name for file path ${path} missing` : `file path for key name ${key} missing`) };
    const read = fileText(call, path, (missing) => `error reading ${missing}: no such file or directory`);
    if ('answer' in read) return read;
    const wrong = add(key, read.text);
    if (wrong !== null) return { answer: wrong };
  }
  for (const path of textsOf(call.flags, 'from-env-file')) {
    const read = fileText(call, path, (missing) => `error reading ${missing}: no such file or directory`);
    if ('answer' in read) return read;
    for (const line of read.text.split('\n').map((one) => one.trim()).filter((one) => one !== '' && !one.startsWith('#'))) {
      const equals = line.indexOf('=');
      const wrong = add(equals < 0 ? line : line.slice(0, equals), equals < 0 ? '' : line.slice(equals + 1));
      if (wrong !== null) return { answer: wrong };
    }
  }
  for (const given of textsOf(call.flags, 'from-literal')) {
    const equals = given.indexOf('=');
    if (equals <= 0) return { answer: complain(`invalid literal source ${given}, expected key=value`) };
    const wrong = add(given.slice(0, equals), given.slice(equals + 1).replace(/^(["'])([\s\S]*)\1$/, '$2'));
    if (wrong !== null) return { answer: wrong };
  }
  return { data: Object.fromEntries(data) };
}

export function createConfigMap(call: VerbCall, words: readonly string[]): Answer {
  const wrong = oneName('create configmap', words);
  if (wrong !== null) return wrong;
  const read = dataOf(call);
  if ('answer' in read) return read.answer;
  return sendObject(call, { apiVersion: 'v1', ...(Object.keys(read.data).length === 0 ? {} : { data: read.data }), kind: 'ConfigMap', metadata: { name: words[0] ?? '' } }, { wraps: 'failed to create configmap' });
}

/** UTF-8 as base64. */
const encoded = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const encodedAll = (data: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encoded(value)]));

const secretHelp = `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.

Available Commands:
  docker-registry   Create a secret for use with a Docker registry
  generic           Create a secret from a local file, directory, or literal value
  tls               Create a TLS secret

Usage:
  kubectl create secret (docker-registry | generic | tls) [options]

Use "kubectl create secret <command> --help" for more information about a given command.
Use "kubectl options" for a list of global command-line options (applies to all commands).
error: secret type is required
`;

export function createSecret(call: VerbCall, words: readonly string[]): Answer {
  const [type, ...rest] = words;
  if (type === undefined) return both('', secretHelp.replace(/^error: .*\n/m, ''), 1);
  if (!['generic', 'tls', 'docker-registry'].includes(type)) return usage('create secret', `unknown command "${type}"`);
  const wrong = oneName(`create secret ${type}`, rest);
  if (wrong !== null) return wrong;
  const secret = (data: Readonly<Record<string, string>>, of: string | undefined): Answer =>
    sendObject(call, { apiVersion: 'v1', ...(Object.keys(data).length === 0 ? {} : { data: encodedAll(data) }), kind: 'Secret', metadata: { name: rest[0] ?? '' }, ...(of === undefined ? {} : { type: of }) }, { wraps: 'failed to create secret' });
  if (type === 'generic') {
    const read = dataOf({ ...call, words: rest });
    return 'answer' in read ? read.answer : secret(read.data, textOf(call.flags, 'type'));
  }
  if (type === 'tls') {
    const texts: string[] = [];
    for (const flag of ['cert', 'key']) {
      const path = textOf(call.flags, flag);
      if (path === undefined) return complain('required flag(s) "cert", "key" not set');
      const read = fileText(call, path, (missing) => `Cannot read file ${missing}, open ${missing}: no such file or directory`);
      if ('answer' in read) return read.answer;
      texts.push(read.text);
    }
    return secret({ 'tls.crt': texts[0] ?? '', 'tls.key': texts[1] ?? '' }, 'kubernetes.io/tls');
  }
  const [server = 'https://index.docker.io/v1/', username = '', password = '', email] = ['docker-server', 'docker-username', 'docker-password', 'docker-email'].map((flag) => textOf(call.flags, flag));
  if (username === '' || password === '') return complain('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
  return secret({ '.dockerconfigjson': JSON.stringify({ auths: { [server]: { username, password, ...(email === undefined ? {} : { email }), auth: encoded(`${username}:${password}`) } } }) }, 'kubernetes.io/dockerconfigjson');
}

/** The labels of `a=b,c=d`; `null` where a part is none. */
export const labelsIn = (text: string): Readonly<Record<string, string>> | string => {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const bad = pairs.find((pair) => pair.length !== 2);
  return bad === undefined ? Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])) : bad.join('=');
};

/** A workload's template as data, for what is made from another object. */
export const recordAt = (object: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> => {
  const found = at(object, ...path);
  return isRecord(found) ? found : {};
};
