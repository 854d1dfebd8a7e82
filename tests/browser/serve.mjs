// A static server for one folder under one base path, on loopback, with the policy that every page must live with.
import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
  "font-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml',
  '.json': 'application/json', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png',
  '.webp': 'image/webp', '.jpg': 'image/jpeg', '.gif': 'image/gif',
};

/**
 * Serves `root` at `base` (which starts and ends with a slash); gives the address and a way to stop. `moods` may change
 * while it serves: `root`, `delay` in ms before a page, `fail` (no answer at all), `count` of answers.
 */
export async function serve(root, base, moods = {}) {
  const server = createServer(async (request, response) => {
    let path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const send = (status, body, type) => {
      response.writeHead(status, { 'content-type': type, 'content-security-policy': policy, 'x-content-type-options': 'nosniff' });
      response.end(body);
    };
    moods.count = (moods.count ?? 0) + 1;
    if (moods.fail?.(path)) { request.socket.destroy(); return; }
    if (moods.delay && request.headers['sec-fetch-mode'] === 'navigate') await new Promise((done) => { setTimeout(done, moods.delay); });
    try {
      if (!path.startsWith(base)) throw new Error('outside');
      path = normalize(path.slice(base.length));
      if (path.startsWith('..')) throw new Error('outside');
      let file = join(moods.root ?? root, path);
      if ((await stat(file)).isDirectory()) {
        if (path !== '.' && !path.endsWith(sep)) throw new Error('a folder needs its slash');
        file = join(file, 'index.html');
      }
      send(200, await readFile(file), types[extname(file)] ?? 'application/octet-stream');
    } catch {
      send(404, await readFile(join(moods.root ?? root, '404.html')).catch(() => 'not found'), types['.html']);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => { server.close(); server.closeAllConnections(); } };
}
