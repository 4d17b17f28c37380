// @ts-check
/**
 * Vite plugin: writes dist/licenses.html, the licences of everything that is shipped.
 *
 * Shipped is what ended up in a bundle (of the page or of a worker), what is copied as a file, and what lies in public/ with a
 * licence text beside it.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Packages that are shipped as files or by address and may not show up as a module of a bundle. */
const ALWAYS = ['@ffmpeg/core', '@ffmpeg/ffmpeg', 'pretendard'];

const MIT_OF_FFMPEG_WASM = `MIT License

Copyright (c) 2019 Jerome Wu

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/**
 * What a package does not say itself.
 * `text` stands in for a licence text that the package does not hold; `more` comes after the one that it does.
 * @type {Readonly<Record<string, { note?: string, text?: (root: string) => string, more?: (root: string) => string }>>}
 */
const NOTES = {
  '@ffmpeg/core': {
    note:
      'This is the file ffmpeg-core.wasm (and the script that loads it): FFmpeg 5.1.4 compiled to WebAssembly by the project ffmpeg.wasm, ' +
      'with the libraries x264 and x265 (GPL-2.0-or-later), LAME (LGPL), FriBidi (LGPL-2.1-or-later), libvpx, Opus, Vorbis, Ogg and ' +
      'Theora (BSD), libwebp (BSD), libass (ISC), FreeType (FreeType Licence), HarfBuzz (MIT), zimg (WTFPL) and zlib (zlib). ' +
      'As a whole it is under the GNU General Public Licence, version 2 or (at your option) any later version. It is a separate program ' +
      'that Reelkeep starts in a worker of its own, unchanged. Whoever passes this build on passes that program on under the GPL, with ' +
      'this text and with access to its source: the source and the build recipe of this version are in the repository of the project ' +
      '"ffmpeg.wasm" (github.com/ffmpegwasm/ffmpeg.wasm, release 0.12.10), the source of FFmpeg 5.1.4 is at ffmpeg.org ' +
      '(tag n5.1.4), and the recipe names the sources of the libraries.',
    text: (root) => readFileSync(join(root, 'scripts/licences/GPL-2.0.txt'), 'utf8'),
  },
  '@ffmpeg/ffmpeg': { text: () => MIT_OF_FFMPEG_WASM },
  pretendard: {
    note: 'Two files of the font, Regular and SemiBold, unchanged.',
    text: (root) => readFileSync(join(root, 'node_modules/pretendard/dist/LICENSE.txt'), 'utf8'),
  },
  mediabunny: {
    note:
      'Used unchanged, under the Mozilla Public License 2.0. Its source form is in the package "mediabunny" of this version and in ' +
      'the repository github.com/Vanilagy/mediabunny.',
  },
  '@mediabunny/aac-encoder': {
    note:
      "Used unchanged, under the Mozilla Public License 2.0. It holds FFmpeg's AAC encoder (libavcodec and libavutil) compiled to " +
      'WebAssembly, which is under the GNU Lesser General Public Licence, version 2.1 or (at your option) any later version: its text ' +
      "is below. The package's own source and the recipe that builds the encoder are in the package of this version and in the " +
      'repository github.com/Vanilagy/mediabunny (packages/aac-encoder), the source of FFmpeg is at ffmpeg.org. It is a file of its ' +
      'own in this build, so that it can be replaced.',
    more: (root) => readFileSync(join(root, 'scripts/licences/LGPL-2.1.txt'), 'utf8'),
  },
};

/** @param {string} text */
const escape = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** @param {string} folder */
const licenceText = (folder) =>
  readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|ofl)([.-].*)?$/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n\n');

/**
 * The folder of the package a module belongs to, if it belongs to one.
 * @param {string} id
 */
const packageFolder = (id) => {
  const path = id.replaceAll('\\', '/').replace(/^\0/, '').split('?', 1)[0] ?? '';
  const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path);
  const folder = match?.[0];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : undefined;
};

/**
 * @param {string} folder
 * @returns {{ name: string, version: string, license: string }}
 */
const manifestOf = (folder) => {
  /** @type {unknown} */
  const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const field = (/** @type {string} */ name) => {
    const value = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { name: field('name'), version: field('version'), license: field('license') };
};

/**
 * Licence texts that lie in public/ beside fonts and samples.
 * @param {string} folder
 * @returns {string[]}
 */
const publicLicences = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /^(.*[-_.])?(licen[cs]e|ofl|copying)([-_.].*)?$/i.test(basename(name)))
        .map((name) => join(folder, name))
    : [];

/**
 * @param {string} root
 * @param {Iterable<string>} folders
 */
export const licencePage = (root, folders) => {
  const found = [...folders].map((folder) => ({ folder, ...manifestOf(folder) }));
  const packages = [...new Map(found.map((one) => [`${one.name} ${one.version}`, one])).values()].sort(
    (a, b) => a.name.localeCompare(b.name, 'en'),
  );
  const sections = packages.map(({ folder, name, version, license }) => {
    const extra = NOTES[name];
    const text = licenceText(folder) || extra?.text?.(root) || '';
    if (text === '')
      throw new Error(`The licence text of "${name}" (${license}) was not found: add it to NOTES.`);
    const more = extra?.more?.(root);
    const whole = more === undefined ? text : `${text.trim()}\n\n\n${more}`;
    return { title: `${name} ${version}`, license, note: extra?.note, text: whole };
  });
  for (const file of publicLicences(join(root, 'public'))) {
    const title = relative(join(root, 'public'), file).replaceAll('\\', '/');
    sections.push({
      title: `public files: ${dirname(title)}`,
      license: '',
      note: undefined,
      text: readFileSync(file, 'utf8'),
    });
  }
  const own = readFileSync(join(root, 'LICENSE'), 'utf8');
  const body = [{ title: 'Reelkeep', license: 'MIT', note: undefined, text: own }, ...sections].map(
    ({ title, license, note, text }) =>
      `<section>\n<h2>${escape(title)}</h2>\n${license === '' ? '' : `<p>${escape(license)}</p>\n`}` +
      `${note === undefined ? '' : `<p>${escape(note)}</p>\n`}<pre>${escape(text.trim())}</pre>\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reelkeep: licences</title>
</head>
<body>
<h1>Licences</h1>
<p>Reelkeep itself is under the MIT licence. This build also contains the packages below. One of them, @ffmpeg/core, is under the
GNU General Public Licence (version 2 or later): read its entry before you pass this build on.</p>
${body.join('\n')}
</body>
</html>
`;
};

/**
 * @param {{ root: string }} options
 * @returns {import('vite').Plugin & { inWorkers(): import('vite').Plugin }}
 */
export const licences = ({ root }) => {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @param {Iterable<string>} ids */
  const note = (ids) => {
    for (const id of ids) {
      const folder = packageFolder(id);
      if (folder !== undefined) folders.add(folder);
    }
  };
  return {
    name: 'reelkeep:licences',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') note(Object.keys(file.modules));
      note(ALWAYS.map((name) => join(root, 'node_modules', name)));
      this.emitFile({ type: 'asset', fileName: 'licenses.html', source: licencePage(root, folders) });
    },
    // Workers are bundled on their own, before the page's bundle is written.
    inWorkers: () => ({
      name: 'reelkeep:licences-of-workers',
      apply: 'build',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') note(Object.keys(file.modules));
      },
    }),
  };
};
