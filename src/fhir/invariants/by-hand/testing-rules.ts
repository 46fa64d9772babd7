/** The error constraints of TestScript and TestReport. */

import type { Node, Rules } from '../predicate.ts';
import { count, fields, has } from '../presence.ts';

const withoutTarget: readonly unknown[] = ['capabilities', 'search', 'transaction', 'history'];

/** One place to send it to, or an operation that needs none. */
function hasTarget(operation: Node): boolean {
  const { code } = fields(operation.type);
  return (
    has(operation.sourceId, operation._sourceId) ||
    count(operation.targetId, operation._targetId) +
      count(operation.url, operation._url) +
      count(operation.params, operation._params) ===
      1 ||
    !has(code) ||
    withoutTarget.includes(code)
  );
}

const assertions = [
  'contentType',
  'expression',
  'headerField',
  'minimumId',
  'navigationLinks',
  'path',
  'requestMethod',
  'resource',
  'responseCode',
  'response',
  'validateProfileId',
];

/** At most one thing is asserted, unless an extension says otherwise. */
function assertsOneThing(node: Node): boolean {
  let found = 0;
  for (const name of assertions) found += count(node[name], node[`_${name}`]);
  return found <= 1 || has(node.extension);
}

export const testingRules: Rules = {
  // inv-1 and inv-2 of TestReport, tst-1, tst-2
  'operation.exists() xor assert.exists()': ({ operation, assert }) =>
    has(operation) !== has(assert),
  // tst-3
  'expression.empty() or headerField.empty() or path.empty()': ({
    expression,
    _expression,
    headerField,
    _headerField,
    path,
    _path,
  }) => !(has(expression, _expression) && has(headerField, _headerField) && has(path, _path)),
  // tst-4
  'capability.required.exists() or capability.validated.exists()': ({ capability }) => {
    for (const item of Array.isArray(capability) ? capability : [capability]) {
      const { required, _required, validated, _validated } = fields(item);
      if (has(required, _required) || has(validated, _validated)) return true;
    }
    return false;
  },
  // tst-5
  'extension.exists() or (contentType.count() + expression.count() + headerField.count() + minimumId.count() + navigationLinks.count() + path.count() + requestMethod.count() + resource.count() + responseCode.count() + response.count()  + validateProfileId.count() <=1)':
    assertsOneThing,
  // tst-6
  'extension.exists() or (contentType.count() + expression.count() + headerField.count() + minimumId.count() + navigationLinks.count() + path.count() + requestMethod.count() + resource.count() + responseCode.count() + response.count() + validateProfileId.count() <=1)':
    assertsOneThing,
  // tst-7
  "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.code in ('capabilities' |'search' | 'transaction' | 'history'))":
    hasTarget,
  // tst-8, tst-9
  "sourceId.exists() or (targetId.count() + url.count() + params.count() = 1) or (type.code in ('capabilities' | 'search' | 'transaction' | 'history'))":
    hasTarget,
  // tst-10, tst-11
  'compareToSourceId.empty() xor (compareToSourceExpression.exists() or compareToSourcePath.exists())':
    (node) =>
      has(node.compareToSourceId, node._compareToSourceId) ===
      (has(node.compareToSourceExpression, node._compareToSourceExpression) ||
        has(node.compareToSourcePath, node._compareToSourcePath)),
  // tst-12, tst-13
  "(response.empty() and responseCode.empty() and direction = 'request') or direction.empty() or direction = 'response'":
    ({ response, _response, responseCode, _responseCode, direction }) =>
      !has(direction) ||
      direction === 'response' ||
      (direction === 'request' && !has(response, _response) && !has(responseCode, _responseCode)),
};
