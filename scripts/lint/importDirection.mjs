import { dirname, relative, resolve, sep } from 'node:path';

/** Which folder of `src` may import which (docs/architecture.md); a folder may always import itself. */
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
  const from = inside(root, file);
  if (from === null || !(from[0] in MAY_IMPORT)) return null;
  const folder = from.join('/');
  if (!specifier.startsWith('.')) return packageFault(from[0], folder, specifier);
  const to = inside(root, resolve(dirname(file), specifier));
  if (to === null) return `src may not import from outside src: ${specifier}`;
  if (to[0] === from[0] || MAY_IMPORT[from[0]].includes(to[0])) return null;
  return `${from[0]} may not import ${to[0]}: ${specifier}`;
}

function packageFault(area, folder, specifier) {
  if (specifier.startsWith('node:') && WITHOUT_NODE.includes(area))
    return `${area} runs without Node: ${specifier}`;
  const owned = OWNED_PACKAGES.find(({ pattern }) => pattern.test(specifier));
  if (owned === undefined || `${folder}/`.startsWith(`${owned.owner}/`)) return null;
  return `only ${owned.owner} may import ${specifier}`;
}

/** Path segments below `root`, or null when the path lies elsewhere. */
function inside(root, path) {
  const rest = relative(root, path);
  return rest === '' || rest.startsWith('..') ? null : rest.split(sep);
}

/** The rule for ESLint: static, dynamic and type imports, and re-exports. */
export const importDirection = {
  meta: { type: 'problem', schema: [], messages: { fault: '{{fault}}' } },
  create(context) {
    const root = resolve(context.cwd, 'src');
    const check = (node) => {
      if (typeof node.source?.value !== 'string') return;
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
