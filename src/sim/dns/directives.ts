// The directives that CoreDNS knows, in the order in which it runs their plugins (1.15, plugin.cfg): the order in the Corefile does not matter.

export const directives = [
  'root', 'metadata', 'geoip', 'cancel', 'proxyproto', 'quic', 'grpc_server', 'https', 'https3', 'timeouts', 'multisocket', 'reload', 'nsid', 'bufsize', 'bind', 'debug', 'trace', 'ready',
  'health', 'pprof', 'shed', 'prometheus', 'errors', 'log', 'dnstap', 'local', 'dns64', 'siit', 'any', 'chaos', 'loadbalance', 'tsig', 'rewrite', 'autopath', 'acl', 'cache', 'header', 'dnssec', 'tls',
  'minimal', 'template', 'transfer', 'dynupdate', 'hosts', 'route53', 'azure', 'clouddns', 'k8s_external', 'kubernetes', 'file', 'auto', 'secondary', 'etcd', 'loop', 'forward', 'grpc', 'erratic',
  'whoami', 'on', 'sign', 'view', 'nomad',
] as const;

/** Those that would change answers in a way that the simulation does not know; the rest does not change what is answered, or is a plugin of ours. */
export const notSimulated: readonly string[] = [
  'dns64', 'siit', 'acl', 'any', 'chaos', 'dnssec', 'header', 'minimal', 'local', 'tsig', 'transfer', 'dynupdate', 'route53', 'azure', 'clouddns', 'k8s_external', 'file', 'auto', 'secondary', 'etcd', 'grpc',
  'erratic', 'whoami', 'sign', 'view', 'nomad',
];
