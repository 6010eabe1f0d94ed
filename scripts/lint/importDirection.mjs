import { dirname, relative, resolve, sep } from 'node:path';

/**
 * Which folder of `src` may import which (docs/architecture.md); a folder may always import itself.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const MAY_IMPORT = {
  contract: [],
  imaging: ['contract'],
  ml: ['contract'],
  export: ['contract', 'imaging'],
  app: ['contract', 'imaging', 'ml', 'export'],
  cli: ['contract', 'app'],
  main: ['contract', 'app'],
  renderer: ['contract'],
};

/** Packages that belong to one folder: nobody else may know them. */
const OWNED_PACKAGES = [
  { pattern: /^electron(\/|$)/, owner: 'main' },
  { pattern: /^svelte(\/|$)/, owner: 'renderer' },
  { pattern: /^@cornerstonejs\/(?!codec-)/, owner: 'renderer/cornerstone' },
  { pattern: /^onnxruntime-(node|web|common)(\/|$)/, owner: 'ml' },
];

/** Folders whose code runs where there is no Node. */
const WITHOUT_NODE = ['contract', 'renderer'];

/**
 * Why an import breaks the rule, or null when it is allowed.
 * @param {string} root absolute path of `src`
 * @param {string} file absolute path of the importing file
 * @param {string} specifier what is imported, as written
 * @returns {string | null}
 */
export function importFault(root, file, specifier) {
  const folder = relative(root, dirname(file)).split(sep);
  const area = folder[0] ?? '';
  const allowed = MAY_IMPORT[area];
  if (allowed === undefined) return null;
  if (!specifier.startsWith('.')) return packageFault(area, folder.join('/'), specifier);
  const target = relative(root, resolve(dirname(file), specifier)).split(sep)[0] ?? '';
  if (target === '..') return `src may not import from outside src: ${specifier}`;
  if (target === area || allowed.includes(target)) return null;
  return `${area} may not import ${target}: ${specifier}`;
}

/**
 * @param {string} area first folder below `src`
 * @param {string} folder of the importing file, below `src`
 * @param {string} specifier
 */
function packageFault(area, folder, specifier) {
  if (specifier.startsWith('node:') && WITHOUT_NODE.includes(area))
    return `${area} runs without Node: ${specifier}`;
  const owned = OWNED_PACKAGES.find(({ pattern }) => pattern.test(specifier));
  if (owned === undefined || `${folder}/`.startsWith(`${owned.owner}/`)) return null;
  return `only ${owned.owner} may import ${specifier}`;
}

/**
 * The rule for ESLint: static, dynamic and type imports, and re-exports.
 * @type {import('eslint').Rule.RuleModule}
 */
export const importDirection = {
  meta: { type: 'problem', schema: [], messages: { fault: '{{fault}}' } },
  create(context) {
    const root = resolve(context.cwd, 'src');
    /** @param {import('estree').Node & { source?: import('estree').Node | null | undefined }} node */
    const check = (node) => {
      if (node.source?.type !== 'Literal' || typeof node.source.value !== 'string') return;
      const fault = importFault(root, context.filename, node.source.value);
      if (fault !== null) context.report({ node, messageId: 'fault', data: { fault } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
