// The directives that CoreDNS knows, in the order in which it runs their plugins (plugin.cfg): the order in the Corefile does not matter.

export const directives = [
  'root', 'metadata', 'geoip', 'cancel', 'tls', 'quic', 'timeouts', 'multisocket', 'reload', 'nsid', 'bufsize', 'bind', 'debug', 'trace', 'ready', 'health', 'pprof', 'prometheus',
  'errors', 'log', 'dnstap', 'local', 'dns64', 'acl', 'any', 'chaos', 'loadbalance', 'tsig', 'cache', 'rewrite', 'header', 'dnssec', 'autopath', 'minimal', 'template', 'transfer',
  'hosts', 'route53', 'azure', 'clouddns', 'k8s_external', 'kubernetes', 'file', 'auto', 'secondary', 'etcd', 'loop', 'forward', 'grpc', 'erratic', 'whoami', 'on', 'sign', 'view', 'nomad',
] as const;

/** Those that would change answers in a way that the simulation does not know; the rest does not change what is answered, or is a plugin of ours. */
export const notSimulated: readonly string[] = [
  'dns64', 'acl', 'any', 'chaos', 'dnssec', 'header', 'minimal', 'local', 'tsig', 'transfer', 'route53', 'azure', 'clouddns', 'k8s_external', 'file', 'auto', 'secondary', 'etcd', 'grpc',
  'erratic', 'whoami', 'sign', 'view', 'nomad',
];
