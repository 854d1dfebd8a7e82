//! Completions as xAPI statements, for a learning record store.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Export, Refused};
use crate::training::people::{Completed, Person};

impl Export<'_> {
    /// One statement for the newest completion of each module of the path by each person. The same
    /// completion has the same id in every run, so a store takes it once.
    pub fn statements(&self) -> Result<Value, Refused> {
        let home = self.required_address("/", "xAPI")?;
        let path = self.activity(self.path)?;
        let modules: Vec<usize> = self.site.graph.pages_of_path(self.path).collect();
        let mut statements = Vec::new();
        for person in self.chosen()? {
            for done in person.completed.iter().filter(|done| modules.contains(&done.record.module)) {
                statements.push(self.statement(person, done, &home, &path)?);
            }
        }
        Ok(Value::Array(statements))
    }

    /// The person that was asked for, else everybody.
    pub(super) fn chosen(&self) -> Result<Vec<&Person>, Refused> {
        match self.person {
            None => Ok(self.people.all.iter().collect()),
            Some(name) => match self.people.find(name) {
                Some(person) => Ok(vec![person]),
                None => Err(format!("no record of a completion names `{name}`")),
            },
        }
    }

    fn statement(
        &self,
        person: &Person,
        done: &Completed,
        home: &str,
        path: &Value,
    ) -> Result<Value, Refused> {
        let agent = |name: &str| json!({ "objectType": "Agent", "account": { "homePage": home, "name": name.trim_start_matches('@') } });
        let record = &done.record;
        let mut context = json!({
            "contextActivities": { "parent": [path] },
            "platform": "Docent",
            "language": self.site.config.language,
        });
        if let Some(by) = &record.verified_by {
            context["instructor"] = agent(by);
        }
        let key = [home, &record.person, self.name_of(record.module), &record.date.to_string()].join("\n");
        Ok(json!({
            "id": uuid(&key),
            "actor": agent(&person.name),
            "verb": { "id": "http://adlnet.gov/expapi/verbs/completed", "display": { "en": "completed" } },
            "object": self.activity(record.module)?,
            "result": { "completion": true },
            "context": context,
            "timestamp": midnight(record.date),
        }))
    }

    fn activity(&self, id: usize) -> Result<Value, Refused> {
        let page = &self.site.pages[id];
        let language = &self.site.config.language;
        let kind = if id == self.path { "course" } else { "module" };
        let mut definition = json!({
            "type": format!("http://adlnet.gov/expapi/activities/{kind}"),
            "name": { language: page.title },
        });
        if !page.description.is_empty() {
            definition["description"] = json!({ language: page.description });
        }
        let address = self.required_address(&page.url, "xAPI")?;
        Ok(json!({ "objectType": "Activity", "id": address, "definition": definition }))
    }
}

fn midnight(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

/// A UUID made of a text, in the form of version 5.
fn uuid(text: &str) -> String {
    let mut bytes = *blake3::hash(text.as_bytes()).as_bytes();
    bytes[6] = bytes[6] & 0x0F | 0x50;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = blake3::Hash::from_bytes(bytes).to_hex();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32]].join("-")
}
