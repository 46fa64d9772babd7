/** The route table: written down a second time as a golden document, and crawled on the live router with each role. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { may, roleNames } from '../../src/access/roles.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import { routesReference } from '../../src/api/reference.ts';
import { routes } from '../../src/api/routes.ts';
import { schemaChecker } from '../../src/api/validation.ts';
import { type Served, serveApi } from './served.ts';

/** Compares with a file beside this one; `RECORD=1` writes it anew. */
function golden(name: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', name);
  if (process.env.RECORD === '1') writeFileSync(path, text);
  expect(text, `${name}: re-record with RECORD=1 if it was meant`).to.equal(
    readFileSync(path, 'utf8'),
  );
}

describe('api: the route table', () => {
  it('gives an OpenAPI document', () =>
    golden(
      'openapi.json.golden',
      `${JSON.stringify(openApiDocument(routes, '0.0.0'), null, 2)}\n`,
    ));

  it('stands in the documentation with permission and answers', () => {
    const documented = routesReference();
    for (const { method, path, may: permission } of routes)
      expect(documented).to.include(
        `| \`${method.toUpperCase()} ${path}\` | ${permission === 'public' ? 'none' : `\`${permission}\``} |`,
      );
  });

  it('names each method and path once', () => {
    const named = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(named).size).to.equal(named.length);
  });
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string }[];
}

describe('api: the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument(routes, '0.0.0')));
  const operations: { path: string; operation: Operation }[] = Object.entries(
    document.paths as Record<string, Record<string, Operation>>,
  ).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, operation })));

  it('has components that are JSON Schema 2020-12 and refer to nothing that is missing', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'doc', components: document.components });
    for (const name of Object.keys(document.components.schemas))
      expect(ajv.getSchema(`doc#/components/schemas/${name}`), name).to.be.a('function');
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
    expect(references.map(([, name]) => name)).to.include.members([
      'Referral',
      'Session',
      'Problem',
    ]);
    for (const [, name = ''] of references)
      expect(document.components.schemas).to.have.property(name);
  });

  it('has an operation for every row, each with an id of its own and its path parameter', () => {
    expect(operations).to.have.lengthOf(routes.length);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { path, operation } of operations) {
      expect(operation.parameters.some((one) => one.in === 'path')).to.equal(path.includes('{id}'));
    }
  });
});

describe('api: the live router', () => {
  let served: Served;
  before(async () => {
    served = await serveApi();
  });
  after(() => served.stop());

  const addressOf = (path: string) => path.replace(':id', 'no-such-id');
  const bodyFor = (method: string) => (method === 'post' ? {} : undefined);
  const closed = routes.filter((row) => row.may !== 'public');

  for (const { method, path } of closed) {
    it(`${method} ${path} answers nobody without a key`, async () => {
      const wish = { body: bodyFor(method) };
      const { status, headers } = await served.ask(method.toUpperCase(), addressOf(path), wish);
      expect(status).to.equal(401);
      expect(headers.get('www-authenticate')).to.match(/^Bearer/);
    });
  }

  for (const role of roleNames) {
    it(`lets a ${role} in where the table says so, and nowhere else`, async () => {
      for (const row of closed) {
        if (row.may === 'public') continue;
        const wish = { as: role, body: bodyFor(row.method) };
        const { status } = await served.ask(row.method.toUpperCase(), addressOf(row.path), wish);
        const allowed = may({ id: '', name: '', role }, row.may);
        expect(status === 403, `${row.method} ${row.path} as ${role}: ${status}`).to.equal(
          !allowed,
        );
        expect(status, `${row.method} ${row.path} as ${role}`).to.be.lessThan(500);
      }
    });
  }

  it('shows the public routes to everybody, in the form that they promise', async () => {
    for (const { path, answers } of routes.filter((row) => row.may === 'public')) {
      const { status, json } = await served.ask('GET', path);
      expect(status, path).to.equal(200);
      const schema = answers[200]?.schema;
      if (schema === undefined) continue;
      const check = schemaChecker({ coerce: false }).compile(schema);
      expect(check(json), `${path} ${JSON.stringify(check.errors)}`).to.equal(true);
    }
  });

  it('refuses a key that was never given', async () => {
    const headers = { Authorization: `Bearer mf_${'A'.repeat(43)}` };
    const { status, json } = await served.ask('GET', '/api/referrals', { headers });
    expect(status).to.equal(401);
    expect(json.code).to.equal('key-refused');
  });
});
