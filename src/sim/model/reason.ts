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
  'headless-without-endpoints', // the headless name has no address
  'target-port-closed', // translated to a port on which the pod does not listen
  'port-closed', // a direct call to a port on which nothing listens
  'bound-to-loopback', // the process listens on 127.0.0.1 only
  'nothing-on-localhost', // localhost is the pod itself
  'port-clash', // another container of the pod has the port
  'denied-by-egress-policy',
  'denied-by-ingress-policy',
  'address-of-nobody', // a pod range's address that no pod has
  'pod-not-running',
  'no-route',
  'not-reachable-from-outside', // a pod's or cluster address called from outside
  'load-balancer-pending', // no load balancer was made
  'source-range-refused', // loadBalancerSourceRanges
  'external-alias', // an ExternalName: the host takes the name neither in Host nor in TLS
  'redirected', // the edge sends the client on to another URL
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
