// Bundles every component of this folder; `make components` runs it with the folder of the installed packages.
//
// Each `*.js` here is one component: it becomes one minified ES module in dashboards/assets/components, which the pages
// that use it load. Beside them: manifest.json, by which a test without node knows that the bundles belong to these
// sources and to the lock, and LICENSES.txt with the licence of everything that is inside.
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {basename, dirname, join, relative, resolve, sep} from 'node:path'
import {fileURLToPath} from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const PACKAGES = resolve(process.argv[2])
const OUT = resolve(HERE, '..', 'assets', 'components')
const FREE = new Set(['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'])
const esbuild = createRequire(join(PACKAGES, 'any.js'))('esbuild')

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')
const read = path => readFileSync(path)

function packageOf(input) {
  const inside = relative(PACKAGES, input).split(sep)
  if (inside[0] === '..') return null
  const nested = inside.lastIndexOf('node_modules') + 1
  const parts = inside.slice(0, nested + (inside[nested].startsWith('@') ? 2 : 1))
  return parts.join('/')
}

function licenceOf(folder) {
  const root = join(PACKAGES, folder)
  const about = JSON.parse(read(join(root, 'package.json')))
  if (!FREE.has(about.license)) throw new Error(`${about.name} is under "${about.license}", which may not be shipped.`)
  const file = readdirSync(root).find(name => /^(licen[cs]e|copying)/i.test(name))
  const text = file ? read(join(root, file)).toString().trim() : `(no text of its own; by ${JSON.stringify(about.author)})`
  return `${about.name} ${about.version} (${about.license})\n${'-'.repeat(72)}\n${text}\n`
}

async function bundle(entry) {
  const result = await esbuild.build({
    entryPoints: [join(HERE, entry)], bundle: true, format: 'esm', minify: true, target: 'es2022', write: false,
    metafile: true, legalComments: 'none', loader: {'.css': 'text'}, nodePaths: [PACKAGES], absWorkingDir: HERE,
    external: ['node:*'], logLevel: 'warning', charset: 'utf8',
  })
  const code = result.outputFiles[0].contents
  const inputs = {}, packages = new Set()
  for (const [name, used] of Object.entries(result.metafile.inputs)) {
    const path = resolve(HERE, name)
    const folder = packageOf(path)
    if (folder) packages.add(folder)
    else inputs[relative(HERE, path).split(sep).join('/')] = sha256(read(path))
  }
  writeFileSync(join(OUT, entry), code)
  const sorted = names => Object.fromEntries([...names].sort())
  const versions = [...packages].map(f => [f, JSON.parse(read(join(PACKAGES, f, 'package.json'))).version])
  return {sha256: sha256(code), inputs: sorted(Object.entries(inputs)), packages: sorted(versions)}
}

rmSync(OUT, {recursive: true, force: true})
mkdirSync(OUT, {recursive: true})
const entries = readdirSync(HERE).filter(name => name.endsWith('.js')).sort()
const bundles = {}
for (const entry of entries) bundles[basename(entry, '.js')] = await bundle(entry)
const manifest = {builder: sha256(read(join(HERE, 'build.mjs'))), esbuild: esbuild.version, bundles}
writeFileSync(join(OUT, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
const inside = [...new Set(Object.values(bundles).flatMap(b => Object.keys(b.packages)))].sort()
writeFileSync(join(OUT, 'LICENSES.txt'), 'What the bundles in this folder are made of.\n\n' + inside.map(licenceOf).join('\n'))
for (const [name, made] of Object.entries(bundles)) {
  console.log(`${name}: ${(read(join(OUT, name + '.js')).length / 1024).toFixed(0)} kB of ${Object.keys(made.packages).join(', ') || 'own code'}`)
}
