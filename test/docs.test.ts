import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import * as ts from 'typescript';
import { ClientIpPreservingService } from '../src';
import { rules } from '../src/rules/index';
import { rulesPage } from '../src/rules/markdown';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter(file => file.endsWith('.md')).map(file => join('docs', file))];
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

function blocks(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block);
}

test('every TypeScript sample in the documents compiles', () => {
  const samples = new Map(PAGES.flatMap(page => blocks(page, 'ts').map((text, i) => [join(ROOT, 'docs', `${page.replace(/\W/g, '-')}-${i}.ts`), text] as const)));
  expect(samples.size).toBeGreaterThan(1);

  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    paths: { 'cdk8s-client-ip': [join(ROOT, 'src', 'index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = file => samples.has(file) || fileExists(file);
  host.readFile = file => samples.get(file) ?? readFile(file);
  host.getSourceFile = (file, target) => samples.has(file) ? ts.createSourceFile(file, samples.get(file)!, target) : getSourceFile(file, target);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...samples.keys()], options, host));
  expect(diagnostics.map(({ file, messageText }) => `${relative(ROOT, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
}, 60_000);

test('the first sample of the README writes the golden manifest that it shows', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    const { outputText } = ts.transpileModule(blocks('README.md', 'ts')[0], { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    const modules: Record<string, unknown> = { 'cdk8s-client-ip': jest.requireActual('../src'), 'cdk8s': jest.requireActual('cdk8s') };
    expect(modules['cdk8s-client-ip']).toHaveProperty(ClientIpPreservingService.name);
    new Function('require', 'exports', outputText)((name: string) => modules[name], {});
    expect(readFileSync(join(outdir, 'web.k8s.yaml'), 'utf8')).toBe(read('test/examples/web.k8s.yaml'));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
});

test('the YAML in the README stands in the golden manifest, in its order', () => {
  let golden = read('test/examples/web.k8s.yaml');
  const parts = blocks('README.md', 'yaml')[0].split(/^ *# …\n|^---\n/m).map(part => part.trimEnd());
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    expect(golden).toContain(part);
    golden = golden.slice(golden.indexOf(part) + part.length);
  }
});

test('RULES.md is what the rules make: if not, run `npx projen rules`', () => {
  expect(read('RULES.md')).toBe(rulesPage(rules));
});

test('no document has a gap', () => {
  [...PAGES, 'RULES.md'].forEach(page => expect(read(page)).not.toMatch(/@@|TBD/));
});

test('every option of the bundle stands in the README', () => {
  const source = read('src/client-ip-preserving-service.ts');
  const options = [...source.slice(source.indexOf('interface ClientIpPreservingServiceProps'), source.indexOf('export class')).matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(8);
  options.forEach(option => expect(read('README.md')).toContain(`\`${option}\``));
});

test('links in the documents lead to files that are there', () => {
  for (const page of [...PAGES, 'RULES.md']) {
    const links = [...read(page).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, link]) => link);
    links.forEach(link => expect({ page, link, found: ts.sys.fileExists(join(ROOT, page, '..', link)) || ts.sys.directoryExists(join(ROOT, page, '..', link)) })
      .toEqual({ page, link, found: true }));
  }
});
