import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

export const ROOT = join(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'src');

/** One import of a source file. */
export interface Import {
  /** The text between the quotes. */
  readonly specifier: string;
  /** Path below `src` of what it leads to; undefined for packages. */
  readonly target: string | undefined;
  /** `import()`, loaded on demand. */
  readonly lazy: boolean;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** Below `src`, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Every file of `src` with what it imports. */
export function readSources(): SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SOURCE, path), 'utf8');
      const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      return { path, lines: text.trimEnd().split('\n').length, tree, imports: findImports(path, tree) };
    });
}

function findImports(path: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, lazy: boolean, typeOnly: boolean): void => {
    if (node && ts.isStringLiteralLike(node)) found.push({ ...resolve(path, node.text), lazy, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, false, isTypeImport(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, false, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], true, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}

function resolve(from: string, specifier: string): Pick<Import, 'specifier' | 'target'> {
  if (!specifier.startsWith('.')) return { specifier, target: undefined };
  const absolute = join(SOURCE, dirname(from), specifier);
  return { specifier, target: relative(SOURCE, absolute).replaceAll('\\', '/').replace(/\.js$/, '.ts') };
}

/** Names that a file uses without declaring them as members: `process`, `Date.now`, … */
export function* findIdentifiers(tree: ts.SourceFile, name: string): Generator<ts.Identifier> {
  const nodes: ts.Node[] = [tree];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    ts.forEachChild(node, (child) => void nodes.push(child));
    if (!ts.isIdentifier(node) || node.text !== name) continue;
    const { parent } = node;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    if (!isMember && !ts.isPropertyAssignment(parent) && !ts.isPropertySignature(parent)) yield node;
  }
}
