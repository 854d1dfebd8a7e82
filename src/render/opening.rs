//! The page of an opening: a box with every fact, and the same for search engines.
//!
//! In: the page and its front matter, typed. Out: facts, and schema.org's `JobPosting` as JSON-LD, only
//! while one can apply and only if what search engines require is there. Every value of it can be seen
//! on the page. Not here: whether the values mean anything (`check`).

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};
use tera::Context;

use super::clean::posting_text;
use super::context::{Fact, FactValue, PageContext};
use super::theme::html;
use super::{Links, Renderer};
use crate::model::{Output, Page, PageId};
use crate::source::Spanned;
use crate::training::opening::{Employer, Opening, Place, Salary};
use crate::yaml::Node;

impl Renderer<'_> {
    /// Fills the page of an opening; gives whether search engines shall leave it out.
    pub(super) fn fill_opening(
        &self,
        links: &Links<'_>,
        id: PageId,
        told: &mut PageContext<'_>,
        context: &mut Context,
        body: &str,
    ) -> bool {
        let site = self.site;
        let page = &site.pages[id];
        let opening = Opening::of(page);
        let is_open = opening.is_open(&site.today);
        let job = page.parsed.front.field("job").and_then(Node::text);
        let job = job.and_then(|said| self.names.find(said, Some(page)));
        let role = job.map(|job| {
            let job = &site.pages[job];
            FactValue::new(job.title.as_str(), Some(links.to(&job.url)))
        });
        let owners: Vec<Fact> = told.facts.drain(..).filter(|fact| fact.form == "owners").collect();
        told.facts.extend(role.map(|role| fact("Role", vec![role])));
        told.facts.extend(facts(&opening, &site.today));
        told.facts.extend(owners);
        let logo = opening.employer.as_ref().and_then(|employer| self.logo(links, employer));
        let posting = (is_open && opening.lacks().is_empty() && page.parsed.front.description.is_some())
            .then(|| posting(page, &opening, body, site.addresses.absolute(&page.url)))
            .map(|mut posting| {
                if let Some((_, Some(absolute))) = &logo {
                    posting["hiringOrganization"]["logo"] = json!(absolute);
                }
                // Nothing in it may end the element that it stands in.
                html(
                    &posting
                        .to_string()
                        .replace('<', "\\u003c")
                        .replace('>', "\\u003e")
                        .replace('&', "\\u0026"),
                )
            });
        context.insert("logo", &logo.map(|(shown, _)| shown));
        context.insert_value("posting", posting.unwrap_or_else(|| html("")));
        let until = opening.until.as_ref().map(|until| until.value.as_str());
        context.insert("closed", &until.filter(|_| !is_open));
        !is_open
    }

    /// Where the logo of an employer is shown from, and its absolute address; `None` if no file of the
    /// site is meant, since pages load nothing from elsewhere.
    fn logo(&self, links: &Links<'_>, employer: &Employer) -> Option<(String, Option<String>)> {
        let url = format!("/{}", employer.logo.as_ref()?.trim_start_matches('/'));
        let is_file = matches!(self.site.outputs.get(&url), Some(Output::Asset(_)));
        is_file.then(|| (links.to(&url), self.site.addresses.absolute(&url)))
    }
}

/// Whether a page is an opening whose last day is over.
pub(super) fn is_closed(page: &Page, today: &str) -> bool {
    page.kind == "opening" && !Opening::of(page).is_open(today)
}

/// What a list of openings says of one.
pub(super) fn list_note(page: &Page, today: &str) -> String {
    let opening = Opening::of(page);
    match &opening.until {
        Some(until) if opening.is_open(today) => format!("closes {}", until.value),
        Some(until) => format!("closed since {}", until.value),
        None => String::new(),
    }
}

fn fact(label: &str, values: Vec<FactValue>) -> Fact {
    Fact { label: label.to_owned(), form: "text", values }
}

/// Every value that search engines are told, for people.
fn facts(opening: &Opening, today: &str) -> Vec<Fact> {
    let text = |said: String| vec![FactValue::new(said, None)];
    let mut places: Vec<FactValue> = Vec::new();
    if opening.remote {
        let countries = listed(&opening.countries);
        let remote = if countries.is_empty() { "Remote".to_owned() } else { format!("Remote: {countries}") };
        places.push(FactValue::new(remote, None));
    }
    places.extend(opening.places.iter().map(|place| FactValue::new(address(place), None)));
    let mut facts = vec![fact("Place", places)];
    let forms = opening.employment.iter().map(|form| FactValue::new(readable(&form.value), None));
    facts.push(fact("Employment", forms.collect()));
    facts.extend(opening.salary.as_ref().and_then(salary_text).map(|said| fact("Salary", text(said))));
    facts.extend(opening.posted.as_ref().map(|day| fact("Posted", text(day.value.clone()))));
    facts.extend(opening.until.as_ref().map(|day| {
        let note = match days_between(today, &day.value) {
            Some(0) => "today".to_owned(),
            Some(1) => "tomorrow".to_owned(),
            Some(days) if days > 1 => format!("in {days} days"),
            _ => String::new(),
        };
        let label = if opening.is_open(today) { "Closes" } else { "Closed" };
        fact(label, vec![FactValue { note, ..FactValue::new(day.value.as_str(), None) }])
    }));
    facts.extend(opening.employer.as_ref().map(|employer| {
        let url = employer.url.as_ref().map(|url| url.value.clone()).filter(|url| is_web(url));
        fact("Employer", vec![FactValue::new(employer.name.as_str(), url)])
    }));
    facts.retain(|fact| !fact.values.is_empty());
    facts
}

/// Days from one day to another.
fn days_between(from: &str, to: &str) -> Option<i32> {
    let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
    Some(from.until(to).ok()?.get_days())
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn listed(values: &[Spanned<String>]) -> String {
    values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn address(place: &Place) -> String {
    let country = place.country.as_ref().map(|country| &country.value);
    let town = [place.postal_code.as_ref(), place.locality.as_ref()];
    let town = town.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let parts = [place.street.as_ref(), Some(&town), place.region.as_ref(), country];
    let parts: Vec<&str> =
        parts.into_iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// `FULL_TIME` for people.
fn readable(word: &str) -> String {
    let words = word.to_lowercase().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn salary_text(salary: &Salary) -> Option<String> {
    let amounts: Vec<String> =
        [&salary.min, &salary.max].into_iter().flatten().map(|amount| grouped(&amount.value)).collect();
    if amounts.is_empty() {
        return None;
    }
    let currency = salary.currency.as_ref().map(|said| format!("{} ", said.value)).unwrap_or_default();
    let unit =
        salary.unit.as_ref().map(|unit| format!(" a {}", unit.value.to_lowercase())).unwrap_or_default();
    Some(format!("{currency}{}{unit}", amounts.join(" to ")))
}

/// `52000` as `52,000`.
fn grouped(amount: &str) -> String {
    if amount.len() < 5 || !amount.bytes().all(|byte| byte.is_ascii_digit()) {
        return amount.to_owned();
    }
    let mut out = String::new();
    for (at, digit) in amount.chars().enumerate() {
        if at > 0 && (amount.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The posting, in the order in which schema.org's examples have it.
fn posting(page: &Page, opening: &Opening, body: &str, url: Option<String>) -> Json {
    let mut posting = Map::new();
    let mut add = |key: &str, value: Json| posting.insert(key.to_owned(), value);
    add("@context", json!("https://schema.org"));
    add("@type", json!("JobPosting"));
    add("title", json!(page.title));
    let said = page.parsed.front.description.as_ref().map(|said| said.value.as_str()).unwrap_or_default();
    add("description", json!(posting_text(said, body)));
    if let Some(url) = url {
        add("url", json!(url));
    }
    if let Some(posted) = &opening.posted {
        add("datePosted", json!(posted.value));
    }
    if let Some(until) = &opening.until {
        add("validThrough", json!(until.value));
    }
    let forms: Vec<&str> = opening.employment.iter().map(|form| form.value.as_str()).collect();
    match forms[..] {
        [] => {}
        [one] => drop(add("employmentType", json!(one))),
        _ => drop(add("employmentType", json!(forms))),
    }
    if let Some(employer) = &opening.employer {
        let mut organization = json!({ "@type": "Organization", "name": employer.name });
        if let Some(url) = employer.url.as_ref().filter(|url| is_web(&url.value)) {
            organization["sameAs"] = json!(url.value);
        }
        add("hiringOrganization", organization);
    }
    if opening.remote {
        add("jobLocationType", json!("TELECOMMUTE"));
        let country = |country: &Spanned<String>| json!({ "@type": "Country", "name": country.value });
        add("applicantLocationRequirements", opening.countries.iter().map(country).collect());
    }
    if !opening.places.is_empty() {
        add("jobLocation", opening.places.iter().map(location).collect());
    }
    if let Some(salary) = opening.salary.as_ref().and_then(salary_value) {
        add("baseSalary", salary);
    }
    Json::Object(posting)
}

fn location(place: &Place) -> Json {
    let mut address = json!({ "@type": "PostalAddress" });
    let values = [
        ("streetAddress", place.street.as_ref()),
        ("addressLocality", place.locality.as_ref()),
        ("addressRegion", place.region.as_ref()),
        ("postalCode", place.postal_code.as_ref()),
        ("addressCountry", place.country.as_ref().map(|country| &country.value)),
    ];
    for (key, value) in values {
        if let Some(value) = value {
            address[key] = json!(value);
        }
    }
    json!({ "@type": "Place", "address": address })
}

fn salary_value(salary: &Salary) -> Option<Json> {
    let mut value = json!({ "@type": "QuantitativeValue" });
    let mut has_amount = false;
    for (key, amount) in [("minValue", &salary.min), ("maxValue", &salary.max)] {
        let amount = amount.as_ref().and_then(|amount| amount.value.parse::<serde_json::Number>().ok());
        if let Some(amount) = amount {
            value[key] = Json::Number(amount);
            has_amount = true;
        }
    }
    if let Some(unit) = &salary.unit {
        value["unitText"] = json!(unit.value);
    }
    let currency = salary.currency.as_ref().filter(|_| has_amount)?;
    Some(json!({ "@type": "MonetaryAmount", "currency": currency.value, "value": value }))
}
