// Synthesizes every example beside this file, and says what was written where.
import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import { parseAllDocuments } from 'yaml';

const outdir = process.env.CDK8S_OUTDIR ??= join(__dirname, '..', 'dist');

for (const file of readdirSync(__dirname).filter(name => name.endsWith('.ts') && name !== 'all.ts').sort()) {
  const name = file.replace(/\.ts$/, '');
  require(join(__dirname, name));
  const written = join(outdir, `${name}.k8s.yaml`);
  const kinds = parseAllDocuments(readFileSync(written, 'utf8')).map(document => document.get('kind'));
  console.log(`${relative(process.cwd(), written)}: ${kinds.join(', ')}`);
}
