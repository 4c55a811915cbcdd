// Which tools an image has: some have none at all, some only BusyBox', and of what is unknown everything is taken to be there.

/** What every base with a shell and coreutils has. */
const basics: readonly string[] = ['awk', 'base64', 'cat', 'column', 'cut', 'echo', 'egrep', 'env', 'false', 'fgrep', 'grep', 'head', 'hostname', 'id', 'less', 'ls', 'more', 'nl', 'paste', 'printenv', 'printf', 'ps', 'pwd', 'rev', 'rm', 'sed', 'seq', 'sh', 'sleep', 'sort', 'tac', 'tail', 'tee', 'test', 'timeout', 'tr', 'true', 'uname', 'uniq', 'wc', 'which', 'whoami', 'xargs', 'date', '['];
/** BusyBox' own network tools. */
const busyboxTools: readonly string[] = ['arp', 'ifconfig', 'ip', 'nc', 'netstat', 'nslookup', 'ping', 'ping6', 'route', 'sysctl', 'telnet', 'time', 'traceroute', 'traceroute6', 'wget', 'watch', 'ash'];
const debianTools: readonly string[] = ['bash', 'getent'];
const bindTools: readonly string[] = ['dig', 'host', 'nslookup'];

interface Profile {
  /** `all`: nothing is known of the image. */
  readonly has: ReadonlySet<string> | 'all';
  /** nc, nslookup, ping, ip, traceroute and wget are BusyBox'. */
  readonly busybox: boolean;
}

const profile = (busybox: boolean, ...tools: readonly (readonly string[])[]): Profile => ({ has: new Set(tools.flat()), busybox });
const nothing: Profile = profile(false);
const alpine: Profile = profile(true, basics, busyboxTools, ['getent']);
const debian: Profile = profile(false, basics.filter((tool) => !['ps', 'less', 'more', 'column'].includes(tool)), debianTools);
const debianWithCurl: Profile = profile(false, [...(debian.has === 'all' ? [] : debian.has)], ['curl']);
const buildpack: Profile = profile(false, [...(debian.has === 'all' ? [] : debian.has)], ['curl', 'wget', 'openssl', 'ps', 'less']);

/** By the image's name; the first that fits. */
const profiles: readonly (readonly [RegExp, Profile])[] = [
  [/(^|\/)kube-proxy(:|@|$)/, profile(false, ['iptables', 'iptables-save', 'ip6tables', 'ip6tables-save', 'iptables-restore', 'conntrack', 'nft'])],
  [/distroless|(^|\/)(static|pause|coredns|kube-apiserver|kube-controller-manager|kube-scheduler|etcd|metrics-server|scratch|ingress-nginx\/kube-webhook-certgen)(\/|:|@|$)/, nothing],
  [/(^|\/)busybox(:|@|$)/, profile(true, basics, busyboxTools)],
  [/netshoot/, { has: 'all', busybox: false }],
  [/(^|\/)(jessie-)?dnsutils(:|@|$)/, profile(false, basics, debianTools, bindTools, ['ping'])],
  [/(^|\/)agnhost(:|@|$)/, profile(false, basics, busyboxTools, bindTools, ['bash', 'curl', 'getent', 'tcpdump', 'iptables', 'iptables-save', 'nc', 'ss', 'ip', 'conntrack'])],
  [/(^|\/)curlimages\/curl(:|@|$)/, profile(true, basics, busyboxTools, ['curl', 'getent'])],
  [/(^|\/)nginx:[^/]*alpine|(^|\/)nginx-unprivileged:[^/]*alpine/, profile(true, basics, busyboxTools, ['curl', 'getent', 'nginx'])],
  // Simplified: curl is taken to be in Alpine images, whose makers often add it; the rest is BusyBox.
  [/alpine/, profile(true, [...(alpine.has === 'all' ? [] : alpine.has)], ['curl'])],
  [/(^|\/)nginx(-unprivileged)?(:|@|$)/, debianWithCurl],
  [/(^|\/)(debian|ubuntu)(:|@|$)|-slim(:|@|$)|:[^/]*slim/, debian],
  [/^(docker\.io\/)?(library\/)?(postgres|redis|mysql|mariadb|mongo|httpd|memcached|rabbitmq)(:|@|$)/, debian],
  [/^(docker\.io\/)?(library\/)?((python|golang|ruby|openjdk|php)(:|@|$)|node[:@])/, buildpack],
];

const profileOf = (image: string): Profile => profiles.find(([pattern]) => pattern.test(image))?.[1] ?? { has: 'all', busybox: false };

/** The image's nc, nslookup, ping and wget are BusyBox'. */
export const hasBusybox = (image: string): boolean => profileOf(image).busybox;

/** True when the image has the tool, as far as its name tells. */
export function imageHas(image: string, tool: string): boolean {
  const { has } = profileOf(image);
  return has === 'all' || has.has(tool);
}

/** BusyBox' first line of every usage. */
export const busyboxVersion = (image: string): string => {
  const version = /busybox:(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1];
  return `BusyBox v${version === undefined ? '1.37.0' : version.split('.').length < 3 ? `${version}.1` : version} multi-call binary.`;
};
