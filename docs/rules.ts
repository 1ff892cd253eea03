// Writes RULES.md from the rules.
import { writeFileSync } from 'fs';
import { join } from 'path';
import { rules } from '../src/rules/index';
import { rulesPage } from '../src/rules/markdown';

writeFileSync(join(__dirname, '..', 'RULES.md'), rulesPage(rules));
