// The part of dagre that the pictures use: its own types name their files without extensions, so that NodeNext finds none of them.
declare module '@dagrejs/dagre' {
  export interface Box {
    readonly x?: number;
    readonly y?: number;
    readonly width?: number;
    readonly height?: number;
  }

  export class Graph {
    constructor(options: { readonly compound: boolean; readonly multigraph: boolean });
    setGraph(label: { readonly rankdir: 'LR' | 'TB'; readonly nodesep: number; readonly edgesep: number; readonly ranksep: number; readonly marginx: number; readonly marginy: number }): this;
    setDefaultEdgeLabel(make: () => object): this;
    setNode(name: string, label: { readonly width: number; readonly height: number }): this;
    setParent(name: string, parent: string): this;
    setEdge(from: string, to: string, label: { readonly width: number; readonly height: number }): this;
    graph(): Box;
    node(name: string): Box;
    edge(from: string, to: string): { readonly points?: readonly { readonly x: number; readonly y: number }[] };
  }

  /** Gives nodes and groups their middles and sizes, and edges their points. */
  export function layout(graph: Graph): void;
}
