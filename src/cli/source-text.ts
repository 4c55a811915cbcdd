// A source in the form in which the command line takes it.
import type { Source } from '../sim/model/request.ts';

/** The address that `external` stands for (RFC 5737, TEST-NET-3). */
const externalAddress = '203.0.113.10';

export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'pod': return `${source.namespace}/${source.name}${source.container === null ? '' : `:${source.container}`}`;
    case 'node': return `node/${source.name}`;
    case 'external': return `external${source.ip === externalAddress ? '' : `/${source.ip}`}${source.atNode === null ? '' : `@${source.atNode}`}`;
  }
}
