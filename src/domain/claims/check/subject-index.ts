interface Node {
  readonly children: Map<string, Node>;
  /** The subject that ends here. */
  subject?: string;
}

/** A node and how many tokens of the other subject lead to it. */
type Step = readonly [node: Node, at: number];

const newNode = (): Node => ({ children: new Map() });

/**
 * A set of subjects that finds those containing a given one, or contained in it, without comparing all pairs.
 * Containment is that of `isContained`; equal subjects contain each other.
 */
export class SubjectIndex {
  readonly #root = newNode();

  constructor(subjects: Iterable<string> = []) {
    for (const subject of subjects) this.add(subject);
  }

  add(subject: string): void {
    let node = this.#root;
    for (const token of subject.split('.')) {
      let child = node.children.get(token);
      if (child === undefined) {
        child = newNode();
        node.children.set(token, child);
      }
      node = child;
    }
    node.subject = subject;
  }

  has(subject: string): boolean {
    let node: Node | undefined = this.#root;
    for (const token of subject.split('.')) node = node?.children.get(token);
    return node?.subject !== undefined;
  }

  /** The subjects that this one contains. */
  *containedIn(outer: string): Generator<string> {
    const tokens = outer.split('.');
    const steps: Step[] = [[this.#root, 0]];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const [node, at] = step;
      const token = tokens[at];
      if (token === undefined) {
        if (node.subject !== undefined) yield node.subject;
      } else if (token === '>' && at === tokens.length - 1) yield* subjectsBelow(node);
      else if (token === '*') for (const child of node.children.values()) steps.push([child, at + 1]);
      else pushChild(steps, node, token, at);
    }
  }

  /** The subjects that contain this one. */
  *containing(inner: string): Generator<string> {
    const tokens = inner.split('.');
    const steps: Step[] = [[this.#root, 0]];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const [node, at] = step;
      const token = tokens[at];
      if (token === undefined) {
        if (node.subject !== undefined) yield node.subject;
        continue;
      }
      const tail = node.children.get('>')?.subject;
      if (tail !== undefined) yield tail;
      pushChild(steps, node, '*', at);
      if (token !== '*' && !(token === '>' && at === tokens.length - 1)) pushChild(steps, node, token, at);
    }
  }
}

function pushChild(steps: Step[], node: Node, token: string, at: number): void {
  const child = node.children.get(token);
  if (child !== undefined) steps.push([child, at + 1]);
}

function* subjectsBelow(top: Node): Generator<string> {
  const nodes = [...top.children.values()];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.subject !== undefined) yield node.subject;
    for (const child of node.children.values()) nodes.push(child);
  }
}
