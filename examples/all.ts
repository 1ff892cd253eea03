// Synthesizes every example beside this file, and says what was written where.
import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import { parseAllDocuments } from 'yaml';

const outdir = process.env.CDK8S_OUTDIR ??= join(__dirname, '..', 'dist');
const names = readdirSync(__dirname).filter(file => file.endsWith('.ts') && file !== 'all.ts').map(file => file.replace(/\.ts$/, ''));

async function main() {
  for (const name of names.sort()) {
    await import(join(__dirname, `${name}.ts`));
    const written = join(outdir, `${name}.k8s.yaml`);
    const kinds = parseAllDocuments(readFileSync(written, 'utf8')).map(document => document.get('kind'));
    console.log(`${relative(process.cwd(), written)}: ${kinds.join(', ')}`);
  }
}

void main();
