//! The days on which modules are to be refreshed, as a calendar (RFC 5545).

use jiff::ToSpan;

use super::{Export, Refused};
use crate::training::people::{Completed, Person};

/// Longest line in bytes, without its end.
const LINE: usize = 75;

impl Export<'_> {
    /// One event a person and module of the path, on the day on which its refresh falls due.
    pub fn calendar(&self) -> Result<String, Refused> {
        let stamp = self.site.today.replace('-', "");
        let mut lines = vec![
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//Docent//Training//EN".to_owned(),
            "CALSCALE:GREGORIAN".to_owned(),
            "METHOD:PUBLISH".to_owned(),
            format!("X-WR-CALNAME:{}", text(&self.page().title)),
        ];
        let modules: Vec<usize> = self.site.graph.pages_of_path(self.path).collect();
        for person in self.chosen()? {
            for done in person.completed.iter().filter(|done| modules.contains(&done.record.module)) {
                self.add_event(&mut lines, person, done, &stamp);
            }
        }
        lines.push("END:VCALENDAR".to_owned());
        Ok(lines.iter().map(|line| folded(line)).collect())
    }

    fn add_event(&self, lines: &mut Vec<String>, person: &Person, done: &Completed, stamp: &str) {
        let Some(refresh) = done.refresh else { return };
        let module = &self.site.pages[done.record.module];
        // Without the day, so that a later refresh moves the event instead of adding one.
        let key = format!("{}\n{}", done.record.person, self.name_of(done.record.module));
        let uid = &blake3::hash(key.as_bytes()).to_hex()[..32];
        let day = |date: jiff::civil::Date| date.to_string().replace('-', "");
        let what = format!(
            "{} completed this on {}. Look at what changed since, and record the refresh.",
            person.name, done.record.date
        );
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{uid}@docent"),
            format!("DTSTAMP:{stamp}T000000Z"),
            format!("DTSTART;VALUE=DATE:{}", day(refresh.on)),
            format!("DTEND;VALUE=DATE:{}", day(refresh.on.saturating_add(1.day()))),
            format!("SUMMARY:{}", text(&format!("Refresh: {} ({})", module.title, person.name))),
            format!("DESCRIPTION:{}", text(&what)),
        ]);
        lines.extend(self.address(&module.url).map(|address| format!("URL:{address}")));
        lines.extend(["TRANSP:TRANSPARENT".to_owned(), "END:VEVENT".to_owned()]);
    }
}

/// A value of type TEXT.
fn text(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line with its end, folded between characters where it is too long.
fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}
