//! A certificate of a path, to be printed: HTML on one page, without script.

use std::fmt::Write;

use super::{Export, Refused, escaped};
use crate::model::graph::StepKind;
use crate::training::people::Completed;
use crate::yaml::Node;

impl Export<'_> {
    /// The certificate of the person, who has completed what the path asks for. Unless somebody saw
    /// every module of it, it says that it is self-reported.
    pub fn certificate(&self) -> Result<String, Refused> {
        let name = self.person.ok_or("a certificate is somebody's; say whose with `--person`")?;
        let person = self.people.find(name).ok_or_else(|| {
            format!("no record of a completion names `{name}`, so there is nothing to certify")
        })?;
        let lacks = person.lacks(self.site, self.path);
        if !lacks.is_empty() {
            return Err(format!("{} has not completed this path: {}", person.name, lacks.join("; ")));
        }
        let modules: Vec<usize> = self.site.graph.pages_of_path(self.path).collect();
        let mut done: Vec<&Completed> =
            person.completed.iter().filter(|done| modules.contains(&done.record.module)).collect();
        done.sort_by_key(|done| (done.record.date, done.record.module));
        let is_verified = !done.is_empty() && done.iter().all(|done| done.record.verified_by.is_some());
        Ok(self.certificate_html(&person.name, &done, is_verified))
    }

    fn certificate_html(&self, name: &str, done: &[&Completed], is_verified: bool) -> String {
        let page = self.page();
        let (name, title) = (escaped(name.trim_start_matches('@')), escaped(&page.title));
        let mut rows = String::new();
        for Completed { record, .. } in done {
            let seen = match &record.verified_by {
                Some(by) => format!("verified by {}", escaped(by)),
                None => "self-reported".to_owned(),
            };
            let module = escaped(&self.site.pages[record.module].title);
            let _ = writeln!(rows, "<tr><td>{module}</td><td>{}</td><td>{seen}</td></tr>", record.date);
        }
        let mut sign = String::new();
        for step in &self.site.graph.steps[self.path] {
            if let StepKind::Checkpoint { sign_off, text } = &step.kind {
                let by = sign_off.as_deref().map(escaped).unwrap_or_default();
                let _ = writeln!(
                    sign,
                    "<p>{}. Signed{}{by}: ____________________</p>",
                    escaped(text),
                    if by.is_empty() { "" } else { " by " }
                );
            }
        }
        let outcome = page.parsed.front.field("outcome").and_then(Node::text);
        let outcome = outcome.map(|text| format!("<p>{}.</p>\n", escaped(text))).unwrap_or_default();
        let label = if is_verified {
            "Each module was verified by the person named beside it."
        } else {
            "Self-reported: not every module was verified by somebody else."
        };
        let language = escaped(&self.site.config.language);
        let (site, today) = (escaped(&self.site.config.title), &self.site.today);
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}: {name}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<p>{site}</p>\n<h1>{name}</h1>\n<p>completed</p>\n\
             <h2>{title}</h2>\n{outcome}<table>\n<thead><tr><th>Module</th><th>Completed</th><th>Seen</th></tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table>\n{sign}<p><strong>{label}</strong> Printed on {today}.</p>\n</main>\n</body>\n</html>\n"
        )
    }
}

const STYLE: &str = "\
@page { size: A4 landscape; margin: 15mm }
body { color: #000; background: #fff; font: 14pt/1.5 Georgia, serif; text-align: center }
main { max-width: 50rem; margin: 2rem auto; padding: 2rem; border: 3px double #000 }
h1 { font-size: 2.4em; margin: .2em } h2 { margin: .2em }
table { margin: 1em auto; border-collapse: collapse; font-size: .8em; text-align: start }
th, td { padding: .2em .8em; border-bottom: 1px solid #000 }
";
