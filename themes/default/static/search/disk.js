// Reads the index of a portable site, where browsers fetch nothing: each file is a script that hands its bytes over.
// In no other site.

import { readWith } from './dialog.js';

const waiting = new Map();
// The policy of the pages lets no address become a script unseen; these are those of the index alone.
const policy = globalThis.trustedTypes?.createPolicy('docent-index', { createScriptURL: (url) => url });

/** What each file of the index calls with its path from the root of the site, and its bytes in base 64. */
globalThis.docentFile = (path, text) => {
  for (const [url, take] of waiting) {
    if (url.endsWith(`/${path}.js`)) take(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  }
};

function readScript(url) {
  return new Promise((done) => {
    const address = `${url.href}.js`;
    const script = document.createElement('script');
    const end = (answer) => {
      waiting.delete(address);
      script.remove();
      done(answer);
    };
    waiting.set(address, (bytes) => end({ ok: true, arrayBuffer: async () => bytes.buffer }));
    script.addEventListener('load', () => end({ ok: false }));
    script.addEventListener('error', () => end({ ok: false }));
    script.src = policy ? policy.createScriptURL(address) : address;
    document.head.append(script);
  });
}

readWith(readScript);
