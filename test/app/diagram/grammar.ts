/*
 * Reads diagrams as PlantUML and Mermaid would, but takes nothing that ours have no use for: a name that broke out of
 * its place would make a line that is refused here.
 */

export interface Node {
  /** As a person sees it. */
  readonly label: string;
  readonly what: string;
  readonly rows: readonly string[];
}

export interface Drawing {
  readonly title: string;
  /** By identifier. */
  readonly nodes: Readonly<Record<string, Node>>;
  /** `from -> to: label`; notes are tied to their nodes as `note id: text`. */
  readonly edges: readonly string[];
  readonly notes: readonly string[];
}

class Reader {
  title = '';
  readonly nodes: Record<string, Node> = {};
  readonly edges: string[] = [];
  readonly notes: string[] = [];

  add(id: string, node: Node): void {
    if (this.nodes[id] !== undefined) throw new Error(`${id} is there twice`);
    this.nodes[id] = node;
  }

  connect(from: string, to: string, label: string): void {
    for (const end of [from, to]) if (this.nodes[end] === undefined) throw new Error(`${end} is no node`);
    this.edges.push(`${from} -> ${to}: ${label}`);
  }
}

/** What `<U+XXXX>` stands for. */
const seen = (text = ''): string =>
  text.replace(/<U\+([0-9A-F]{4})>/g, (_whole, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));

const ID = '([A-Z][A-Za-z0-9_]*)';
/** A text without quotes, brackets, tags, escapes, directives. */
const PLAIN = '((?:[\\p{L}\\p{N}\\p{Extended_Pictographic} .,:/*>+$()=_-]|<U\\+[0-9A-F]{4}>)*)';
const line = (pattern: string): RegExp => new RegExp(`^${pattern}$`, 'u');

const PLANT = {
  component: line(`component \\[${PLAIN}\\] as ${ID} <<account>>`),
  interface: line(`interface "${PLAIN}" << ([a-z -]+) >> as ${ID}`),
  object: line(`(?:object|map) "${PLAIN}" as ${ID} << ([a-z ]+) >> \\{`),
  edge: line(`${ID}(?:::([A-Z0-9]{56}))?(?: "<&resize-width>${PLAIN}")? (?:--|\\.\\.>|\\*--) ${ID} : "${PLAIN}"`),
  noteStart: line(`note (?:left|right) of ${ID}`),
  noteLine: line(
    `  (?:\\* )?(?:(?:"|[\\p{L}\\p{N}\\p{Extended_Pictographic} .,:/*>+$()=_-]|<U\\+[0-9A-F]{4}>)*|\\[\\[https?://[^\\]\\s]+ info\\]\\])`,
  ),
};

export function readPlantUml(text: string): Drawing {
  const lines = text.split('\n');
  if (lines[0] !== '@startuml' || lines.at(-2) !== '@enduml' || lines.at(-1) !== '') throw new Error('no frame');
  const drawing = new Reader();
  for (let at = 1; at < lines.length - 2; at += 1) {
    const current = lines[at] ?? '';
    const block = /^(skinparam \w+ \{|legend)$/.test(current) ? /^(\}|endlegend)$/ : undefined;
    if (block) {
      while (!block.test(lines[at] ?? '')) at += 1;
      continue;
    }
    const note = PLANT.noteStart.exec(current);
    if (note) {
      const texts: string[] = [];
      for (at += 1; lines[at] !== 'end note'; at += 1) {
        if (!PLANT.noteLine.test(lines[at] ?? '')) throw new Error(`in a note: ${lines[at]}`);
        texts.push(seen(lines[at]).trim());
      }
      if (drawing.nodes[note[1] ?? ''] === undefined) throw new Error(`a note of nothing: ${current}`);
      drawing.notes.push(`${note[1]}: ${texts.join(' | ')}`);
      continue;
    }
    const object = PLANT.object.exec(current);
    if (object) {
      const rows: string[] = [];
      for (at += 1; lines[at] !== '}'; at += 1) rows.push(seen(lines[at]).trim());
      drawing.add(object[2] ?? '', { label: seen(object[1]), what: object[3] ?? '', rows });
      continue;
    }
    readPlantLine(drawing, current);
  }
  return drawing;
}

function readPlantLine(drawing: Reader, current: string): void {
  const component = PLANT.component.exec(current);
  const shared = PLANT.interface.exec(current);
  const edge = PLANT.edge.exec(current);
  const title = line(`title ${PLAIN}`).exec(current);
  if (component) drawing.add(component[2] ?? '', { label: seen(component[1]), what: 'account', rows: [] });
  else if (shared) drawing.add(shared[3] ?? '', { label: seen(shared[1]), what: shared[2] ?? '', rows: [] });
  else if (title) drawing.title = seen(title[1]);
  else if (edge) {
    const [, from = '', row, local, to = '', label] = edge;
    const more = [row, local === undefined ? undefined : `here ${seen(local)}`].filter((part) => part !== undefined);
    drawing.connect(from, to, [seen(label), ...more].join(' | '));
  } else if (!line(`footer ${PLAIN}`).test(current)) throw new Error(`not PlantUML: ${current}`);
}

/** What a browser shows of a label. */
const shown = (text = ''): string => text.replace(/#(\d+);/g, (_whole, code: string) => String.fromCodePoint(+code));

const LABEL = '"((?:[\\p{L}\\p{N} _.,:/()=-]|#\\d+;|<br/>)+)"';
const MERMAID = {
  node: line(`  ([A-Z]\\w*)(?:\\[${LABEL}\\]|\\(\\[${LABEL}\\]\\))(:::missing)?`),
  note: line(`  (?:info|problems)_([A-Z]\\w*)\\[${LABEL}\\]:::note`),
  tie: /^ {2}(info|problems)_(\w+) -\.- (\w+)$/,
  edge: line(`  ([A-Z]\\w*) (?:---|-->|-\\.->)\\|${LABEL}\\| ([A-Z]\\w*)`),
};

export function readMermaid(text: string): Drawing {
  const [open, title = '', close, chart, origin, ...lines] = text.split('\n');
  if (open !== '---' || close !== '---' || !/^flowchart (LR|TB)$/.test(chart ?? '')) throw new Error('no head');
  if (!line('  %% (?:[\\p{L}\\p{N} _.,:/()=-]|#\\d+;)*').test(origin ?? ''))
    throw new Error(`not a comment: ${origin}`);
  const drawing = new Reader();
  drawing.title = JSON.parse(/^title: (".*")$/.exec(title)?.[1] ?? '');
  for (const current of lines.filter((one) => one !== '' && !one.startsWith('  classDef '))) {
    readMermaidLine(drawing, current);
  }
  return drawing;
}

function readMermaidLine(drawing: Reader, current: string): void {
  const parts = (label = ''): string[] => label.split('<br/>').map(shown);
  const node = MERMAID.node.exec(current);
  const note = MERMAID.note.exec(current);
  const tie = MERMAID.tie.exec(current);
  const edge = MERMAID.edge.exec(current);
  if (node) {
    const [label = '', what = '', ...rows] = parts(node[2] ?? node[3]);
    drawing.add(node[1] ?? '', { label, what, rows });
  } else if (note) drawing.notes.push(`${note[1]}: ${parts(note[2]).join(' | ')}`);
  else if (tie) {
    if (tie[2] !== tie[3] || drawing.nodes[tie[3] ?? ''] === undefined)
      throw new Error(`a note of nothing: ${current}`);
  } else if (edge) drawing.connect(edge[1] ?? '', edge[3] ?? '', parts(edge[2]).join(' | '));
  else throw new Error(`not Mermaid: ${current}`);
}
