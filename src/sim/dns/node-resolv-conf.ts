// How the kubelet reads the node's resolv.conf: not quite as the C libraries do.

export interface NodeResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** `name` or `name:value`, one of a name. */
  readonly options: readonly string[];
  /** A `nameserver` line without an address: the kubelet then uses nothing of the file. */
  readonly error: boolean;
}

/** The name of an option: `ndots` of `ndots:5`. */
const optionName = (option: string): string => option.split(':')[0] ?? '';

/** One option of a name: a later one takes the place of an earlier one, new ones go to the end. */
export function mergeOptions(existing: readonly string[], added: readonly string[]): readonly string[] {
  const merged = new Map(existing.map((option) => [optionName(option), option]));
  for (const option of added) merged.set(optionName(option), option);
  return [...merged.values()];
}

/** Reads the text (kubernetes pkg/kubelet/network/dns/dns.go, `parseResolvConf`): the last `search` line wins, `.` is left out, final dots are cut. */
export function parseNodeResolvConf(text: string): NodeResolvConf {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  let options: readonly string[] = [];
  for (const line of text.split('\n')) {
    const [keyword = '', ...words] = line.trim().split(/\s+/);
    if (keyword.startsWith('#')) continue;
    if (keyword === 'nameserver') {
      const [address] = words;
      if (address === undefined) return { nameservers: [], searches: [], options: [], error: true };
      nameservers.push(address);
    } else if (keyword === 'search') searches = words.filter((word) => word !== '.').map((word) => (word.endsWith('.') ? word.slice(0, -1) : word));
    else if (keyword === 'options') options = mergeOptions(options, words);
  }
  return { nameservers, searches, options, error: false };
}
