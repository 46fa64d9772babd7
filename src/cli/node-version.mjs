/**
 * Which Node can run this product, in plain JavaScript of any age, since it is asked by a Node that may be too old.
 * 24.3 is the first that strips types without a warning and has the node:sqlite that the store needs.
 */

export const oldestNode = '24.3.0';

/**
 * Whether a version such as `v26.10.0` can run this product.
 * @param {string} version
 */
export function canRun(version) {
  const found = numbers(version);
  const needed = numbers(oldestNode);
  const place = needed.findIndex((number, index) => found[index] !== number);
  return place === -1 || found[place] > needed[place];
}

/**
 * What to do under this Node: run here, run again under the Node of the checkout, or tell the person what is missing.
 * @param {string} version of the running Node
 * @param {string} running real path of the running Node
 * @param {string | undefined} installed real path of the Node in node_modules, if there is one
 */
export function chooseNode(version, running, installed) {
  if (canRun(version)) return { run: 'here' };
  // The same file again would ask the same question for ever.
  if (installed !== undefined && installed !== running) return { run: 'installed', installed };
  return {
    run: 'nowhere',
    says: `massage-fhir: this is Node ${version} and ${oldestNode} or newer is needed: run npm ci in the folder of massage-fhir, which brings one along.`,
  };
}

function numbers(version) {
  return version
    .replace(/^v/, '')
    .split(/[.-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10));
}
