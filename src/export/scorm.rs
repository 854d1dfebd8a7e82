//! A path as a package for a learning platform: SCORM 1.2, a zip with a manifest and one page for each
//! module.
//!
//! Each page is a unit of its own that reports *completed* when its reader says so; nothing is graded,
//! since the answers of quizzes stand in the page. Links and images lead to the site. The same site
//! gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Export, Refused, escaped};
use crate::model::urls::Addresses;
use crate::model::{PageId, Site};
use crate::render::html::render_body;

/// A site whose pages write whole addresses, since a package is read far from it.
pub fn with_whole_addresses(mut site: Site) -> Result<Site, Refused> {
    let Some(base) = site.addresses.absolute("/") else {
        return Err("a package links to this site, and nobody knows where it will live; set `base_url` in docent.yaml".to_owned());
    };
    site.addresses = Addresses { base_path: base, origin: None, portable: false };
    Ok(site)
}

impl Export<'_> {
    /// The package, of a site [`with_whole_addresses`].
    pub fn scorm(&self) -> Result<Vec<u8>, Refused> {
        let mut pages: Vec<PageId> = Vec::new();
        for page in self.site.graph.pages_of_path(self.path) {
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
        if pages.is_empty() {
            return Err("the path has no step with a page, so a package of it would be empty".to_owned());
        }
        let mut files = vec![("imsmanifest.xml".to_owned(), self.manifest(&pages))];
        files.push(("unit.css".to_owned(), STYLE.to_owned()));
        files.push(("unit.js".to_owned(), SCRIPT.to_owned()));
        files.extend(pages.iter().enumerate().map(|(at, page)| (unit_file(at), self.unit(*page))));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        for (name, content) in files {
            let written = zip.start_file(name, options).map(|()| zip.write_all(content.as_bytes()));
            written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        }
        Ok(zip.finish().map_err(|error| error.to_string())?.into_inner())
    }

    fn manifest(&self, pages: &[PageId]) -> String {
        let title = escaped(&self.page().title);
        let (mut items, mut resources) = (String::new(), String::new());
        for (at, page) in pages.iter().enumerate() {
            let (number, file) = (at + 1, unit_file(at));
            let title = escaped(&self.site.pages[*page].title);
            let _ = write!(
                items,
                "      <item identifier=\"item-{number}\" identifierref=\"unit-{number}\">\n        \
                 <title>{title}</title>\n      </item>\n"
            );
            let _ = write!(
                resources,
                "    <resource identifier=\"unit-{number}\" type=\"webcontent\" adlcp:scormtype=\"sco\" href=\"{file}\">\n      \
                 <file href=\"{file}\"/>\n      <dependency identifierref=\"shared\"/>\n    </resource>\n"
            );
        }
        let name = &blake3::hash(self.name_of(self.path).as_bytes()).to_hex()[..16];
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <manifest identifier=\"docent-{name}\" version=\"1.0\"\n    \
             xmlns=\"http://www.imsproject.org/xsd/imscp_rootv1p1p2\"\n    \
             xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_rootv1p2\">\n  \
             <metadata>\n    <schema>ADL SCORM</schema>\n    <schemaversion>1.2</schemaversion>\n  </metadata>\n  \
             <organizations default=\"path\">\n    <organization identifier=\"path\">\n      <title>{title}</title>\n\
             {items}    </organization>\n  </organizations>\n  <resources>\n{resources}    \
             <resource identifier=\"shared\" type=\"webcontent\" adlcp:scormtype=\"asset\">\n      \
             <file href=\"unit.css\"/>\n      <file href=\"unit.js\"/>\n    </resource>\n  </resources>\n</manifest>\n"
        )
    }

    fn unit(&self, id: PageId) -> String {
        let page = &self.site.pages[id];
        let (title, language) = (escaped(&page.title), escaped(&self.site.config.language));
        let body = render_body(self.site, id, &page.url).html;
        let address = escaped(&self.site.addresses.href("", &page.url, None));
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <link rel=\"stylesheet\" href=\"unit.css\">\n<script src=\"unit.js\" defer></script>\n</head>\n<body>\n\
             <main>\n<h1>{title}</h1>\n{body}\n</main>\n<footer>\n\
             <p><button type=\"button\" id=\"unit-done\">I have completed this</button> <span id=\"unit-state\" role=\"status\"></span></p>\n\
             <p><a href=\"{address}\">This page as it is today</a></p>\n</footer>\n</body>\n</html>\n"
        )
    }
}

fn unit_file(at: usize) -> String {
    format!("unit-{:02}.html", at + 1)
}

const STYLE: &str = "\
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; color: #1a1a1a; background: #fff }
pre { overflow-x: auto; padding: .75rem; background: #f3f3f3 }
table { border-collapse: collapse } th, td { padding: .25rem .75rem; border: 1px solid #ccc }
img { max-width: 100% } button { font: inherit; padding: .4rem 1rem }
";

const SCRIPT: &str = "\
// Tells the learning platform (SCORM 1.2) that its reader began and completed this unit.
(() => {
  const find = (from) => {
    for (let frame = from, depth = 0; frame && depth < 20; depth += 1) {
      try {
        if (frame.API) return frame.API;
        if (frame.parent === frame) break;
      } catch {
        break;
      }
      frame = frame.parent;
    }
    return null;
  };
  const api = find(window) ?? (window.opener ? find(window.opener) : null);
  const state = document.getElementById('unit-state');
  const done = document.getElementById('unit-done');
  if (!api) {
    done.disabled = true;
    state.textContent = 'No learning platform listens here, so nothing is kept.';
    return;
  }
  const key = 'cmi.core.lesson_status';
  api.LMSInitialize('');
  const show = () => {
    const is = api.LMSGetValue(key);
    const kept = is === 'completed' || is === 'passed';
    done.disabled = kept;
    state.textContent = kept ? 'Completed.' : '';
    return kept;
  };
  if (!show()) {
    api.LMSSetValue(key, 'incomplete');
    api.LMSCommit('');
  }
  done.addEventListener('click', () => {
    api.LMSSetValue(key, 'completed');
    api.LMSCommit('');
    show();
  });
  let open = true;
  window.addEventListener('pagehide', () => {
    if (open) api.LMSFinish('');
    open = false;
  });
})();
";
