import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from './imports.js';

/** A command line that a test holds, as words. What a test fills in later is `VALUE`. */
export interface Line {
  readonly words: readonly string[];
  /** Path below `src/commands` without ending, where the words are only what comes after the command. */
  readonly of?: string;
}

const VALUE = 'VALUE';

/** Functions of `support/cases.ts`: their tables hold pairs of a line and what is expected of it. */
const TABLES = /^it(Plans|Answers|Refuses)$/;

/**
 * Command lines in the source of a test: lists of words, texts, and what is handed to a command that the file imports.
 * What is only expected (arguments of `toEqual` and the like, the right half of a table) does not count.
 *
 * @param split how a text becomes words
 */
export function findLines(path: string, source: string, split: (text: string) => string[]): Line[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
  const commands = commandsOf(file, path);
  const only = new Set(commands.values()).size === 1 ? [...commands.values()][0] : undefined;
  const lines: Line[] = [];
  const visit = (node: ts.Node, command: string | undefined): void => {
    if (ts.isImportDeclaration(node) || isMatcher(node) || isExpectation(node)) return;
    const of = commandOfCall(node, commands) ?? command;
    const text = textOf(node);
    if (text !== undefined) lines.push({ words: split(text), ...(of !== undefined && { of }) }, { words: split(text) });
    if (ts.isArrayLiteralExpression(node)) lines.push({ words: wordsOf(node) });
    ts.forEachChild(node, (child) => visit(child, of));
  };
  visit(file, only);
  return lines;
}

/** Names under which the file imports commands. */
function commandsOf(file: ts.SourceFile, path: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const target = relative(join(ROOT, 'src/commands'), join(dirname(path), statement.moduleSpecifier.text));
    const bindings = statement.importClause?.namedBindings;
    if (target.startsWith('..') || !bindings || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      if ((propertyName ?? name).text === 'command') found.set(name.text, target.replace(/\.js$/, ''));
    }
  }
  return found;
}

/** The command that a call is about: `plan(command, …)`, `itPlans(command, …)`. */
function commandOfCall(node: ts.Node, commands: ReadonlyMap<string, string>): string | undefined {
  const [first] = ts.isCallExpression(node) ? node.arguments : [];
  return first && ts.isIdentifier(first) ? commands.get(first.text) : undefined;
}

/** `.toEqual(…)` and its kind. */
const isMatcher = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  /^to[A-Z]/.test(node.expression.name.text);

/** What a table expects of a line: all but the first element of an entry. */
function isExpectation(node: ts.Node): boolean {
  const entry = node.parent;
  if (!entry || !ts.isArrayLiteralExpression(entry) || entry.elements[0] === node) return false;
  const table = ts.isPropertyAssignment(entry.parent) ? entry.parent.parent.parent : undefined;
  return (
    !!table && ts.isCallExpression(table) && ts.isIdentifier(table.expression) && TABLES.test(table.expression.text)
  );
}

export function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => VALUE + literal.text).join('');
}

const wordsOf = ({ elements }: ts.ArrayLiteralExpression): string[] =>
  elements.map((element) => textOf(element) ?? VALUE);
