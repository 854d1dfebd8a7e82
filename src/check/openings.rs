//! Openings: what search engines for jobs require, values of fixed lists, the last day, the title.

use jiff::civil::Date;

use super::codes::{EMPLOYMENT, UNITS, country_meant, is_country, is_currency};
use crate::diagnostic::rules::jobs::{
    INVALID_OPENING, OPENING_ENDS, OPENING_INCOMPLETE, OPENING_SPARSE, OPENING_TITLE,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Page, Site};
use crate::source::{Span, Spanned};
use crate::training::opening::{KEYS, Opening, Salary};

/// Days before the last one from which it is reported.
const SOON: i32 = 14;

/// Findings about openings.
pub fn check_openings(site: &Site) -> Vec<Diagnostic> {
    let openings = site.pages.iter().filter(|page| page.kind == "opening");
    openings.flat_map(|page| check_opening(page, &site.today)).collect()
}

fn check_opening(page: &Page, today: &str) -> Vec<Diagnostic> {
    let opening = Opening::of(page);
    let mut findings = Vec::new();
    let at_start = |rule, message: String, help: &str| {
        let place = page.parsed.front.title.as_ref().map(|title| title.span).unwrap_or_default();
        Diagnostic::new(rule, message).at(&page.parsed.file, place, "").help(help)
    };
    let mut lacks = opening.lacks();
    if page.parsed.front.description.is_none() {
        lacks.insert(0, "description");
    }
    // A value that cannot be used has a finding of its own.
    let unusable = |key: &&str| !page.parsed.front.unusable.iter().any(|unusable| unusable.value == *key);
    let lacks: Vec<&str> = lacks.into_iter().filter(unusable).collect();
    if !lacks.is_empty() {
        let message = format!("search engines will not show this opening without {}", listed(&lacks));
        findings.push(at_start(&OPENING_INCOMPLETE, message, help_for(lacks[0])));
    }
    let wanted = [
        ("valid_through", opening.until.is_some()),
        ("employment_type", !opening.employment.is_empty()),
        ("salary", opening.salary.is_some()),
    ];
    let sparse: Vec<&str> =
        wanted.iter().filter(|(_, there)| !there).map(|(key, _)| *key).filter(unusable).collect();
    if !sparse.is_empty() {
        let message = format!("the opening does not say {}", listed(&sparse));
        findings.push(at_start(&OPENING_SPARSE, message, help_for(sparse[0])));
    }
    findings.extend(check_values(page, &opening));
    findings.extend(check_end(page, &opening, today));
    findings.extend(check_title(page));
    findings
}

fn help_for(key: &str) -> &'static str {
    match key {
        "description" => "add `description:` with one sentence",
        "date_posted" => "add `date_posted:`, the day of publication as in `2026-11-01`",
        "organization" => "add `organization: { name: …, url: … }`",
        "location" => {
            "add `location: { remote: true, countries: [NL] }`, or `{ locality: Ghent, country: BE }`"
        }
        "valid_through" => "add `valid_through:`, the last day to apply as in `2027-01-31`",
        "employment_type" => "add `employment_type: FULL_TIME`",
        _ => "add `salary: { currency: EUR, min: 52000, max: 71000, unit: YEAR }`",
    }
}

fn check_values(page: &Page, opening: &Opening) -> Vec<Diagnostic> {
    let found = |span: Span, message: String| {
        Diagnostic::new(&INVALID_OPENING, message).at(&page.parsed.file, span, "")
    };
    let word = |said: &Spanned<String>, known: &[&'static str], what: &str| {
        if known.contains(&said.value.as_str()) {
            return None;
        }
        let finding = found(said.span, format!("`{}` is no {what}", said.value));
        let upper = said.value.to_uppercase().replace(['-', ' '], "_");
        Some(match nearest(&upper, known.iter().copied()) {
            Some(near) => finding.meant(near),
            None => finding.help(format!("write one of {}", listed(known))),
        })
    };
    let mut findings: Vec<Diagnostic> =
        opening.employment.iter().filter_map(|said| word(said, &EMPLOYMENT, "form of employment")).collect();
    let countries =
        opening.countries.iter().chain(opening.places.iter().filter_map(|place| place.country.as_ref()));
    for country in countries.filter(|country| !is_country(&country.value)) {
        let finding = found(country.span, format!("`{}` is no code of a country", country.value));
        findings.push(match country_meant(&country.value) {
            Some(code) => finding.meant(code),
            None => finding.help("write the two letters of ISO 3166, such as `NL`"),
        });
    }
    for (group, key) in &opening.unknown {
        let finding = found(key.span, format!("`{group}` has no key `{}`", key.value));
        let keys = KEYS.iter().find(|(name, _)| name == group).map(|(_, keys)| *keys).unwrap_or_default();
        findings.push(match nearest(&key.value, keys.iter().copied()) {
            Some(near) => finding.meant(near),
            None => finding.help(format!("it has {}", listed(keys))),
        });
    }
    if let Some(salary) = &opening.salary {
        findings.extend(salary.unit.as_ref().and_then(|unit| word(unit, &UNITS, "unit of a salary")));
        findings.extend(check_salary(salary, &found));
    }
    if let Some(url) = opening.employer.as_ref().and_then(|employer| employer.url.as_ref())
        && !url.value.starts_with("https://")
        && !url.value.starts_with("http://")
    {
        findings.push(
            found(url.span, format!("`{}` is no address of a site", url.value))
                .help("begin it with `https://`"),
        );
    }
    if let (Some(posted), Some(until)) = (&opening.posted, &opening.until)
        && posted.value > until.value
    {
        findings.push(
            found(
                until.span,
                format!("the last day, {}, is before the first, {}", until.value, posted.value),
            )
            .and(&page.parsed.file, posted.span, "the first day")
            .help("correct one of the two"),
        );
    }
    findings
}

fn check_salary(salary: &Salary, found: &dyn Fn(Span, String) -> Diagnostic) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    match &salary.currency {
        Some(currency) if !is_currency(&currency.value) => {
            let finding = found(currency.span, format!("`{}` is no code of a currency", currency.value));
            let upper = currency.value.to_uppercase();
            let meant = match upper.as_str() {
                "€" | "EURO" | "EUROS" => Some("EUR"),
                "$" | "DOLLAR" | "DOLLARS" => Some("USD"),
                "£" => Some("GBP"),
                _ => Some(upper.as_str()).filter(|code| is_currency(code)),
            };
            findings.push(match meant {
                Some(code) => finding.meant(code),
                None => finding.help("write the three letters of ISO 4217, such as `EUR`"),
            });
        }
        Some(_) => {}
        None => findings
            .push(found(salary.span, "the salary has no currency".to_owned()).help("add `currency: EUR`")),
    }
    let mut number = |amount: &Option<Spanned<String>>| {
        let amount = amount.as_ref()?;
        let value = amount.value.parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
        if value.is_none() {
            findings.push(
                found(amount.span, format!("`{}` is no amount", amount.value))
                    .help("write digits alone, as in `52000`"),
            );
        }
        Some((value?, amount.span))
    };
    let (min, max) = (number(&salary.min), number(&salary.max));
    if let (Some((min, _)), Some((max, span))) = (min, max)
        && min > max
    {
        findings.push(
            found(span, "the most is less than the least".to_owned())
                .help("put the smaller amount into `min`"),
        );
    }
    if salary.min.is_none() && salary.max.is_none() {
        findings
            .push(found(salary.span, "the salary has no amount".to_owned()).help("add `min:` and `max:`"));
    }
    findings
}

fn check_end(page: &Page, opening: &Opening, today: &str) -> Option<Diagnostic> {
    let until = opening.until.as_ref()?;
    let day: Date = until.value.parse().ok()?;
    let today: Date = today.parse().ok()?;
    let left = today.until(day).ok()?.get_days();
    let message = match left {
        ..0 => format!("the opening closed on {day}"),
        0 => format!("the opening closes today, {day}"),
        1 => format!("the opening closes tomorrow, {day}"),
        2..=SOON => format!("the opening closes in {left} days, on {day}"),
        _ => return None,
    };
    let help = if left < 0 {
        "take the page out (`draft: true`, or delete it and keep its address as an alias), or prolong it"
    } else {
        "prolong it, or let it end: from the day after, the page says that it is closed"
    };
    Some(Diagnostic::new(&OPENING_ENDS, message).at(&page.parsed.file, until.span, "").help(help))
}

fn check_title(page: &Page) -> Option<Diagnostic> {
    let title = page.title.as_str();
    let letters: Vec<char> = title.chars().filter(|c| c.is_alphabetic()).collect();
    let shouts = title.split_whitespace().filter(|word| {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        letters.len() > 4 && letters.iter().all(|c| c.is_uppercase())
    });
    let is_capitals = letters.len() > 4 && letters.iter().all(|c| c.is_uppercase());
    let digits = title.chars().filter(char::is_ascii_digit).count();
    let has_money = title.contains(['€', '$', '£', '¥'])
        || title.split(|c: char| !c.is_alphanumeric()).any(|word| digits > 0 && is_currency(word));
    let (what, help) = if title.contains('!') {
        ("an exclamation mark", "take it out: search engines refuse titles that shout")
    } else if is_capitals || shouts.count() > 1 {
        ("words in capitals", "write it in small letters: search engines refuse titles that shout")
    } else if has_money {
        ("a salary", "put it into `salary`")
    } else {
        return None;
    };
    let place = page.parsed.front.title.as_ref().map(|title| title.span);
    let place =
        place.or_else(|| page.parsed.headings.first().map(|heading| heading.span)).unwrap_or_default();
    Some(
        Diagnostic::new(&OPENING_TITLE, format!("the title holds {what}"))
            .at(&page.parsed.file, place, "")
            .help(help),
    )
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
