// Copies the fonts and collects exactly the Lucide icons that templates and Python name, into dist/icons.json.
import { mkdirSync, copyFileSync, readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const product = join(here, '../src/openprm');
const dist = join(product, 'ui/static/dist');
const fonts = [['inter', 'inter-latin-wght-normal'], ['inter', 'inter-latin-ext-wght-normal'], ['geist-mono', 'geist-mono-latin-wght-normal']];
// {% icon "bell" %}, icon="bell", icon='bell', "icon": "bell", icon: str = "bell", |default:"bell" inside an icon tag
const named = [/\{%\s*icon\s+["']([a-z0-9-]+)["']/g, /\bicon["']?\s*(?::\s*(?:str|LucideIcon)\s*)?[=:]\s*["']([a-z0-9-]+)["']/g, /\{%\s*icon\s+\S+?\|default:["']([a-z0-9-]+)["']/g];
// A quoted literal with a hyphen that is a Lucide name counts too: ICONS = {"approved": "circle-check"}
const quoted = /["']([a-z0-9]+(?:-[a-z0-9]+)+)["']/g;
const known = new Set(readdirSync(join(here, 'node_modules/lucide-static/icons')).filter(f => f.endsWith('.svg')).map(f => f.slice(0, -4)));
const listed = readFileSync(join(here, 'src/icons.txt'), 'utf8').split('\n').map(l => l.split('#')[0].trim()).filter(Boolean);

const skip = new Set(['node_modules', 'static', 'migrations', '__pycache__', 'tests']);
const walk = d => readdirSync(d, { withFileTypes: true }).flatMap(e => e.isDirectory() ? (skip.has(e.name) ? [] : walk(join(d, e.name))) : [join(d, e.name)]);
const wanted = new Map(listed.map(n => [n, 'src/icons.txt']));
for (const file of walk(product).filter(f => /\.(html|py|txt)$/.test(f))) {
  const text = readFileSync(file, 'utf8');
  for (const pattern of named) for (const m of text.matchAll(pattern)) wanted.set(m[1], file);
  if (file.endsWith('.py')) for (const m of text.matchAll(quoted)) if (known.has(m[1])) wanted.set(m[1], file);
}

const shape = name => readFileSync(join(here, `node_modules/lucide-static/icons/${name}.svg`), 'utf8')
  .replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace('</svg>', '').replace(/\s*\n\s*/g, '').trim();
const icons = {}, unknown = [];
for (const name of [...wanted.keys()].sort()) {
  try { icons[name] = shape(name); } catch { unknown.push(`${name} (named in ${wanted.get(name)})`); }
}

mkdirSync(join(dist, 'fonts'), { recursive: true });
for (const [family, file] of fonts) copyFileSync(join(here, `node_modules/@fontsource-variable/${family}/files/${file}.woff2`), join(dist, `fonts/${file}.woff2`));
writeFileSync(join(dist, 'icons.json'), JSON.stringify(icons));
console.log(`${Object.keys(icons).length} icons, ${fonts.length} fonts`);
if (unknown.length) { console.error(`No such Lucide icon: ${unknown.join(', ')}. Look names up in frontend/node_modules/lucide-static/icons.`); process.exitCode = 1; }
