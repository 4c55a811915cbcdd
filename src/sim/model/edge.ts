// The way in over HTTP: what Ingresses and Gateways are compiled into. The data plane knows neither API by name.

import type { ObjectRef } from './object.ts';
import type { Problem } from './problem.ts';

/** An object and the field of it that decides; a repair would change it. */
export interface Decider {
  readonly object: ObjectRef;
  readonly field: string | null;
}

/** What a TLS client is shown. */
export interface EdgeCertificate {
  /** Names that it is for; a wildcard stands for one label. */
  readonly names: readonly string[];
  /** What a client with the usual authorities makes of it, before it looks at the names. */
  readonly trust: 'trusted' | 'self-signed' | 'unknown-issuer' | 'expired';
  /** As OpenSSL writes distinguished names: `CN=shop.example.com`. */
  readonly subject: string;
  readonly issuer: string;
  /** As `2026-01-01T00:00:00Z`; `null` where nobody said. */
  readonly from: string | null;
  readonly until: string | null;
  /** The controller's own, because there is none for the host. */
  readonly fake: boolean;
  /** The Secret, or what should have led to one. */
  readonly decider: Decider;
  readonly says: string;
}

/** `text` is a prefix by characters, `prefix` one by elements. `regex` is anchored at the start. */
export interface EdgePath {
  readonly kind: 'exact' | 'prefix' | 'text' | 'regex';
  readonly value: string;
  /** Of a regular expression: upper and lower case are one. */
  readonly anyCase?: boolean;
}

/** Of a header (the name in lower case) or a query parameter. */
export interface EdgeCondition {
  readonly name: string;
  readonly value: string;
  readonly regex: boolean;
}

/** What an edge says itself, without asking anybody. `location` is where a redirect leads. */
export interface EdgeReply extends Decider {
  readonly status: number;
  readonly why: string;
}

/** One Service that a route sends to, or what stands in its way: its share of requests is answered so. */
export interface EdgeBackend {
  /** 0: never. */
  readonly weight: number;
  readonly service: ObjectRef | null;
  /** Place of the port in the Service's `spec.ports`; `null` where there is none. */
  readonly portIndex: number | null;
  readonly port: number | null;
  /** How the edge speaks to it. */
  readonly scheme: 'http' | 'https';
  /** The certificate that the edge wants to see; absent: it takes any. */
  readonly verifies?: BackendVerification;
  /** What is changed of requests to this backend alone, after what the rule changes. */
  readonly rewrite?: EdgeRewrite | null;
  readonly request?: readonly HeaderChange[];
  readonly response?: readonly HeaderChange[];
  /** Where the backend is named: `spec.rules[0].http.paths[0].backend`. */
  readonly field: string;
  readonly reply: EdgeReply | null;
}

/** The edge's own TLS to a backend (BackendTLSPolicy). */
export interface BackendVerification extends Decider {
  /** The name that it asks for (SNI). */
  readonly hostname: string;
  /** Names of which the certificate must have one; empty: any will do. */
  readonly names: readonly string[];
}

/** A list of headers to set, add and remove; names in lower case. */
export interface HeaderChange {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

export interface EdgeRewrite {
  readonly host: string | null;
  readonly path: EdgeChange | null;
}

/** The request must come from one of the ranges: what the edge sees as its sender counts. */
export interface EdgeSources extends Decider {
  readonly ranges: readonly string[];
}

export type EdgeChange = { readonly kind: 'whole'; readonly path: string } | { readonly kind: 'prefix'; readonly path: string } | { readonly kind: 'groups'; readonly path: string };

export interface EdgeRedirect extends Decider {
  readonly status: number;
  /** `null`: as the request had it. */
  readonly scheme: 'http' | 'https' | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly path: EdgeChange | null;
  /** Only requests that came without TLS. */
  readonly plainOnly: boolean;
}

export interface EdgeRoute extends Decider {
  /** `shop.example.com`, `*.example.com`, or empty for every host. */
  readonly host: string;
  readonly path: EdgePath;
  readonly method: string | null;
  readonly headers: readonly EdgeCondition[];
  readonly query: readonly EdgeCondition[];
  readonly redirect: EdgeRedirect | null;
  readonly rewrite: EdgeRewrite | null;
  /** As the object says it, where a listener narrows it; absent: `host`. */
  readonly written?: string;
  readonly request?: readonly HeaderChange[];
  readonly response?: readonly HeaderChange[];
  /** Seconds that the edge gives a request; absent: as it is used to. */
  readonly timeout?: EdgeTimeout;
  /** Endpoints that are tried before it gives up; absent: as it is used to. */
  readonly tries?: number;
  readonly sources?: EdgeSources;
  /** A kind whose requests are passed on as they come: a connection, of which nobody reads more than the TLS name. */
  readonly stream?: boolean;
  /** Empty: the rule sends nowhere. */
  readonly backends: readonly EdgeBackend[];
  /** A default backend: after everything else, whatever the host. */
  readonly fallback: boolean;
}

export interface EdgeTimeout extends Decider {
  readonly seconds: number;
}

/** A route that nobody serves at this edge, and what keeps it away. */
export interface MissedRoute extends Decider {
  readonly route: EdgeRoute;
  readonly why: string;
  /** No controller reads it at all; otherwise an edge did and refused it. */
  readonly unserved: boolean;
}

export interface EdgeListener extends Decider {
  /** `http` and `https` of an Ingress controller; a Gateway's own names. */
  readonly name: string;
  /** As it is offered to clients; a Service may lead to another port of the pod. */
  readonly port: number;
  /** As of a route. */
  readonly host: string;
  readonly tls: 'terminate' | 'passthrough' | null;
  /** Connections are passed on: nobody reads HTTP in them. */
  readonly stream?: boolean;
  /** By host, most specific first; the last one is for every other name. */
  readonly certificates: readonly { readonly host: string; readonly certificate: EdgeCertificate }[];
  /** In order of precedence. */
  readonly routes: readonly EdgeRoute[];
}

/** How a controller answers where the APIs leave it open. */
export interface EdgeManners {
  /** A host that has rules of its own never falls to rules of wider hosts. */
  readonly strictHost: boolean;
  /** A Service without ready endpoints; 404: the route is taken out. */
  readonly empty: 503 | 404;
  readonly refused: 502 | 503;
  readonly silent: 504 | 503;
  /** Endpoints that are tried before it gives up. */
  readonly tries: number;
  /** Seconds until a silent endpoint is given up. */
  readonly patience: number;
  /** What a default backend is for: whatever no rule takes; or paths of its Ingress' own hosts, and hosts that no Ingress has (ingress-nginx). */
  readonly catchAll: 'everything' | 'hosts';
  /** Of requests over TLS for a host of another listener. */
  readonly misdirected: 421 | null;
  /** Of an Ingress' backend: a targetPort is as good as a port. */
  readonly targetPortToo: boolean;
  /** With a certificate for the host, plain HTTP is sent to HTTPS with this status. */
  readonly redirect: 301 | 308 | null;
  /** Of the certificate that it makes itself; `null`: without a certificate there is no TLS. */
  readonly fakeName: string | null;
  readonly bodies: 'nginx' | 'envoy' | 'go' | 'haproxy';
  /** A wildcard host of an Ingress or Gateway stands for one label only. */
  readonly oneLabel: boolean;
}

/** Everything that one edge answers. */
export interface EdgeRules {
  /** `ingress-nginx`, `Gateway edge/public`. */
  readonly name: string;
  readonly manners: EdgeManners;
  readonly listeners: readonly EdgeListener[];
  /** What a learner may have meant when nothing matches. */
  readonly missed: readonly MissedRoute[];
  /** What would be changed when nothing matches and nothing is near. */
  readonly own: Decider;
}

/** A port of the edge's pods, and the port of a listener that it is. */
export interface EdgePort {
  readonly pod: number;
  readonly listener: number;
  readonly secure: boolean;
}

/** What a cloud's load balancer does to connections before the edge gets them: annotations of its Service say so. */
export interface EdgeFront extends Decider {
  readonly service: ObjectRef;
  /** Ports of the Service on which it ends TLS. */
  readonly tls: readonly number[];
  readonly certificate: EdgeCertificate;
  /** It reads HTTP, and so says in X-Forwarded-Proto and -For what it was. */
  readonly readsHttp: boolean;
  /** It writes the client's address before the connection's own bytes. */
  readonly proxyProtocol: boolean;
}

/** How an edge is told to take what comes: its own configuration, where it stands. */
export interface EdgeSettings {
  readonly object: ObjectRef;
  /** It reads the client's address before the connection's own bytes, and takes nothing else. */
  readonly proxyProtocol: boolean;
  /** It believes X-Forwarded-Proto and -For of whoever calls. */
  readonly trustsForwarded: boolean;
}

/** Pods that are an edge. */
export interface EdgeProxy {
  readonly rules: EdgeRules;
  readonly workload: ObjectRef;
  /** Its Services, those of type LoadBalancer first. */
  readonly services: readonly ObjectRef[];
  readonly ports: readonly EdgePort[];
  readonly fronts: readonly EdgeFront[];
  readonly settings: EdgeSettings;
  /** Hosts that lead here, in no Service's words: those of its routes and listeners, without the empty one. */
  readonly hosts: readonly string[];
}

export interface EdgeFacts {
  /** What is wrong with it: warnings of the lab. */
  readonly problems: readonly Problem[];
  readonly proxies: readonly EdgeProxy[];
  /** Hosts of Ingresses and Gateways that nobody serves, with what is missing. */
  readonly unserved: readonly { readonly host: string; readonly object: ObjectRef; readonly field: string | null; readonly why: string }[];
}
