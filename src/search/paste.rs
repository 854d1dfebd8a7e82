//! Pasted lines, stack traces and Alertmanager JSON → the words that say what happened.
//!
//! In: a text that nobody typed. Out: alert names first, then error codes and names of things, then
//! other words; without addresses, dates, hashes and frames.

use std::collections::BTreeSet;

use serde_json::Value;

use super::query::Word;
use super::tokens::compounds;

/// Longer than anybody types.
const LONG: usize = 240;

/// Pages are told apart by a few words; more only dilute them.
const ENOUGH: usize = 24;

/// Whether a text was pasted rather than typed.
pub fn is_pasted(text: &str) -> bool {
    let text = text.trim();
    text.contains('\n') || text.len() > LONG || text.contains("alertname") || starts_json(text)
}

fn starts_json(text: &str) -> bool {
    let mut chars = text.chars().filter(|c| !c.is_whitespace());
    matches!((chars.next(), chars.next()), (Some('{' | '['), Some('"' | '{' | '}' | ']')))
}

/// The words of a pasted text, what says most first; and whether there were more.
pub fn words(text: &str) -> (Vec<Word>, bool) {
    let mut found = Found::default();
    let json = starts_json(text.trim()).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    if let Some(json) = &json {
        found.read_json(json, None);
    } else {
        found.read_alert_names(text);
        found.read_lines(text);
    }
    let mut words = found.into_words();
    if words.is_empty() {
        // Nothing but noise: then the noise is what is meant.
        words = compounds(text).take(ENOUGH + 1).map(|compound| word(&text[compound.range], false)).collect();
    }
    let more = words.len() > ENOUGH;
    words.truncate(ENOUGH);
    (words, more)
}

fn word(text: &str, subject: bool) -> Word {
    Word { text: text.to_owned(), range: None, prefix: false, subject }
}

#[derive(Default)]
struct Found {
    alerts: Vec<String>,
    names: Vec<String>,
    plain: Vec<String>,
    frames: Vec<String>,
}

impl Found {
    fn into_words(self) -> Vec<Word> {
        let said_something = !self.alerts.is_empty() || !self.names.is_empty() || !self.plain.is_empty();
        let frames = if said_something { Vec::new() } else { self.frames };
        let mut seen = BTreeSet::new();
        let others = [self.names, self.plain, frames].into_iter().flatten();
        let alerts = self.alerts.into_iter().map(|text| (text, true));
        alerts
            .chain(others.map(|text| (text, false)))
            .filter(|(text, _)| seen.insert(text.to_lowercase()))
            .map(|(text, subject)| word(&text, subject))
            .collect()
    }

    /// `serde_json` limits the depth that this can recurse to.
    fn read_json(&mut self, value: &Value, key: Option<&str>) {
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    self.read_json(value, Some(key));
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.read_json(value, key);
                }
            }
            Value::String(text) => match key {
                Some("alertname") => self.alerts.push(text.clone()),
                // What every alert has, and addresses.
                Some(
                    "status" | "severity" | "receiver" | "startsAt" | "endsAt" | "fingerprint" | "groupKey",
                ) => {}
                Some(_) if text.contains("://") => {}
                _ => self.read_line(text),
            },
            _ => {}
        }
    }

    /// `alertname="X"`, `"alertname": "X"`, `alertname: X`, `alertname = X`.
    fn read_alert_names(&mut self, text: &str) {
        for (at, key) in text.match_indices("alertname") {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'', ' ', ':', '=', '~', '\\']);
            let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | ':'));
            let name = &rest[..end.unwrap_or(rest.len())];
            if !name.is_empty() {
                self.alerts.push(name.to_owned());
            }
        }
    }

    fn read_lines(&mut self, text: &str) {
        for line in text.lines() {
            if is_frame(line) {
                let mut frame = Self::default();
                frame.read_line(line);
                self.frames.append(&mut frame.names);
            } else {
                self.read_line(line);
            }
        }
    }

    fn read_line(&mut self, line: &str) {
        for chunk in line.split_whitespace() {
            if is_noise(chunk.trim_matches(|c: char| !c.is_alphanumeric())) {
                continue;
            }
            for compound in compounds(chunk) {
                let text = &chunk[compound.range.clone()];
                if is_noise(text) || text == "alertname" {
                    continue;
                }
                let list = if compound.is_name(chunk) { &mut self.names } else { &mut self.plain };
                list.push(text.to_owned());
            }
        }
    }
}

/// A line of a stack trace that says where, not what.
fn is_frame(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    numbered
        || ["at ", "File \"", "from /", "goroutine ", "... ", "\tat "]
            .iter()
            .any(|start| line.starts_with(start))
        || (line.starts_with('/') && line.contains(':'))
}

/// Whether a word differs from one occurrence of a fault to the next: a number, an address, a date,
/// a time, a hash, a UUID.
pub fn is_noise(word: &str) -> bool {
    let mut letters = 0;
    let mut digits = 0;
    let mut hexadecimal = true;
    let mut separators = 0;
    for c in word.chars() {
        match c {
            '0'..='9' => digits += 1,
            'a'..='f' | 'A'..='F' => letters += 1,
            '-' | ':' | '.' | '/' | '+' | ',' | 'T' | 'Z' => separators += 1,
            _ => hexadecimal = false,
        }
    }
    if digits == 0 {
        return false;
    }
    let hash = hexadecimal && letters + digits >= 8 && letters > 0;
    let number = hexadecimal && letters == 0 && (separators > 0 || digits == 1 || digits > 3);
    let pointer = word.starts_with("0x");
    hash || number || pointer
}

/// Noise that cannot be meant in a typed query, unlike a year, a port or a version.
pub fn is_address_or_hash(word: &str) -> bool {
    let separators = word.chars().filter(|c| matches!(c, '.' | ':' | '/' | '-')).count();
    is_noise(word) && (separators >= 3 || word.contains(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_each_time_is_noise() {
        for noise in [
            "10.0.0.1",
            "10.0.0.1:5432",
            "2022-02-01T10:00:00Z",
            "10:31:07,123",
            "0x7ffe",
            "5432",
            "1",
            "550e8400-e29b-41d4-a716-446655440000",
            "deadbeef01",
            "2022/02/01",
        ] {
            assert!(is_noise(noise), "{noise}");
        }
        for word in ["502", "503", "ECONNREFUSED", "k8s", "v1.2", "facade", "pg12", "ORA-00060", "x509"] {
            assert!(!is_noise(word), "{word}");
        }
    }
}
