import { posix } from 'node:path';
import ts from 'typescript';

/** One import, re-export, dynamic import, `require` or `import('…')` type in a file. */
export interface Import {
  specifier: string;
  /** Whether nothing of it is left at run time. */
  typeOnly: boolean;
  /** Whether it is `export * from`. */
  wildcard: boolean;
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, wildcard = false): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    found.push({ specifier: specifier.text, typeOnly, wildcard });
  };
  walk(source, (node) => {
    if (ts.isImportDeclaration(node)) {
      // `import { type X }` leaves an import of the module behind: only `import type` does not.
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      const wildcard = !node.exportClause || ts.isNamespaceExport(node.exportClause);
      add(node.moduleSpecifier, node.isTypeOnly, wildcard);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isImportEqualsDeclaration(node)) {
      const { moduleReference } = node;
      if (ts.isExternalModuleReference(moduleReference)) {
        add(moduleReference.expression, node.isTypeOnly);
      }
    } else if (ts.isCallExpression(node) && isModuleLoad(node.expression)) {
      add(node.arguments[0], false);
    }
  });
  return found;
}

function isModuleLoad(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

/** Whether the file takes `member` off `object`: by a dot, by brackets or by destructuring. */
export function uses(source: ts.SourceFile, object: string, member: string): boolean {
  let used = false;
  walk(source, (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      used ||= node.name.text === member && lastName(node.expression) === object;
    } else if (ts.isElementAccessExpression(node)) {
      const key = node.argumentExpression;
      used ||=
        ts.isStringLiteralLike(key) && key.text === member && lastName(node.expression) === object;
    } else if (ts.isVariableDeclaration(node) && node.initializer) {
      const { name, initializer } = node;
      used ||=
        ts.isObjectBindingPattern(name) &&
        lastName(initializer) === object &&
        name.elements.some(
          (element) => (element.propertyName ?? element.name).getText() === member,
        );
    }
  });
  return used;
}

/** Whether the file asks `Date` itself for the time: `new Date()` or `Date()`. */
export function readsDate(source: ts.SourceFile): boolean {
  let reads = false;
  walk(source, (node) => {
    if (ts.isNewExpression(node) && !node.arguments?.length) {
      reads ||= lastName(node.expression) === 'Date';
    } else if (ts.isCallExpression(node)) {
      reads ||= lastName(node.expression) === 'Date';
    }
  });
  return reads;
}

/** The file a relative import leads to. */
export function resolve(importer: string, specifier: string): string {
  return posix.join(posix.dirname(importer), specifier);
}

/** `@scope/name` of `@scope/name/sub/path.js`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** `Date` of `globalThis.Date`. */
function lastName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
