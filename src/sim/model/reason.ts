// Why a walk ended as it did. Outcome and reason are apart: the outcome is what the client sees, the reason is what the course teaches.

export const reasons = [
  'answered', // the process answered
  'no-such-name', // every name of the search list got NXDOMAIN or no address
  'dns-server-silent', // no DNS server answered
  'dns-server-refused', // nothing listens behind the DNS server's address
  'dns-server-failed', // the DNS server said SERVFAIL or REFUSED
  'dns-blocked-by-policy', // a policy dropped the DNS packets
  'no-ready-endpoints', // the Service has nobody to send to
  'no-local-endpoints', // a Local traffic policy and nobody on this node
  'port-not-in-service', // the Service's address, another port or protocol
  'no-such-service-address', // an address of the Service range that no Service has
  'no-service-proxy', // neither kube-proxy nor a replacement translates Services
  'stale-proxy-rules', // kube-proxy stopped on this node, and its old rules are wrong
  'headless-without-endpoints', // the headless name has no address
  'target-port-closed', // translated to a port on which the pod does not listen
  'port-closed', // a direct call to a port on which nothing listens
  'bound-to-loopback', // the process listens on 127.0.0.1 only
  'nothing-on-localhost', // localhost is the pod itself
  'port-clash', // another container of the pod has the port
  'denied-by-egress-policy',
  'denied-by-ingress-policy',
  'denied-by-http-policy', // the connection came about, and a rule on HTTP lets the request not through
  'address-of-nobody', // a pod range's address that no pod has
  'pod-not-running',
  'no-route',
  'missing-route', // a node has no route to the pods of another one
  'answer-lost', // the first packet arrives, and nothing comes back
  'announced-elsewhere', // a tunnel or next hop to an address that is not the node's
  'duplicate-pod-range', // two nodes have one range
  'overlapping-range', // a host outside has an address of the cluster's ranges
  'denied-by-security-group',
  'source-destination-check', // the cloud drops what does not carry the machine's own address
  'not-masqueraded', // nobody outside knows a way back to a pod's own address
  'packet-too-big', // more than a link on the way carries, and the sender is not told
  'message-too-long', // it must not be cut, and somebody said that it is too long
  'conntrack-full', // no room for a new connection
  'reverse-path-filter', // the answer would leave by another interface
  'not-forwarded', // ip_forward=0, or the FORWARD chain's policy
  'hairpin-off', // a bridge sends nothing back by the port that it came by
  'not-reachable-from-outside', // a pod's or cluster address called from outside
  'load-balancer-pending', // no load balancer was made
  'source-range-refused', // loadBalancerSourceRanges
  'external-alias', // an ExternalName: the host takes the name neither in Host nor in TLS
  'redirected', // the edge sends the client on to another URL
  'redirect-loop', // the edge sends the client to where it came from
  'proxy-protocol-mismatch', // a PROXY line that nobody expects, or one that nobody writes
  'not-at-edge', // no rule of an Ingress or route is for the host and path
  'edge-unserved', // an Ingress, Gateway or route that no controller serves
  'edge-backend-unresolved', // the Service or port that a rule names is not there, or may not be named
  'tls-closed', // no listener or certificate for the name: TLS does not begin
  'tls-untrusted', // a certificate that only its maker signed
  'tls-expired', // the certificate's last day is over
  'tls-not-spoken', // TLS to a port that speaks none
  'tls-name-mismatch',
  'ping-unanswered', // nobody answers ICMP at this address
  'outside-host-silent',
] as const;

export type Reason = (typeof reasons)[number];
