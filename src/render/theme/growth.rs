//! The filters that make more than they are given, each with its result bounded before it is made.
//!
//! In: what tera's filters of the same names take. Out: the same, or an error.

use tera::{Error, Kwargs, State, StringInput, Tera, TeraResult, Value, escape_html};

use super::budget::{bound, measure};

/// Replaces tera's filters.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("replace", replace);
    tera.register_filter("indent", indent);
    tera.register_filter("join", join);
    tera.register_filter("split", split);
    tera.register_filter("str", |value: &Value, _: Kwargs, _: &State<'_>| {
        measure(value).map(|_| value.to_string())
    });
    tera.register_filter("escape", |text: StringInput<'_>, _: Kwargs, _: &State<'_>| {
        if text.is_safe() {
            Ok(text.into_value())
        } else {
            escaped(text.as_str()).map(|it| Value::safe_string(&it))
        }
    });
    tera.register_filter("escape_html", |text: &str, _: Kwargs, _: &State<'_>| escaped(text));
    tera.register_filter("escape_xml", |text: &str, _: Kwargs, _: &State<'_>| {
        escaped(text).map(|text| text.replace("&#39;", "&apos;").replace("&#x27;", "&apos;"))
    });
    tera.register_filter("newlines_to_br", |text: &str, _: Kwargs, _: &State<'_>| {
        let text = replaced(text, "\r\n", "<br>")?;
        replaced(&text, "\n", "<br>").and_then(|text| replaced(&text, "\r", "<br>"))
    });
}

/// A text as it stands in HTML.
fn escaped(text: &str) -> TeraResult<String> {
    let special = text.bytes().filter(|byte| b"&<>\"'/".contains(byte)).count();
    bound(text.len() + 5 * special)?;
    let mut buffer = Vec::with_capacity(text.len());
    escape_html(text, &mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

fn replaced(text: &str, from: &str, to: &str) -> TeraResult<String> {
    bound(text.len().saturating_add(text.matches(from).count().saturating_mul(to.len())))?;
    Ok(text.replace(from, to))
}

/// HTML if one of the parts is HTML, as tera has it.
fn as_html(text: &StringInput<'_>, all: bool) -> TeraResult<String> {
    if all && !text.is_safe() { escaped(text.as_str()) } else { Ok(text.as_str().to_owned()) }
}

fn marked(text: String, safe: bool) -> Value {
    if safe { Value::safe_string(&text) } else { Value::from(text) }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn replace(text: StringInput<'_>, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let from = kwargs.must_get::<&str>("from")?;
    let to = kwargs.must_get::<StringInput<'_>>("to")?;
    let safe = text.is_safe() || to.is_safe();
    Ok(marked(replaced(&as_html(&text, safe)?, from, &as_html(&to, safe)?)?, safe))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn indent(text: StringInput<'_>, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let width = kwargs.get::<usize>("width")?.unwrap_or(4).min(1000);
    let by = kwargs.get::<&str>("indentation")?.unwrap_or(" ");
    let first = kwargs.get::<bool>("first")?.unwrap_or(false);
    let blank = kwargs.get::<bool>("blank")?.unwrap_or(false);
    if by.chars().count() != 1 {
        return Err(Error::message("The `indentation` argument must contain exactly one character"));
    }
    let by = if text.is_safe() { escaped(by)? } else { by.to_owned() }.repeat(width);
    bound(text.as_str().len() + (text.as_str().lines().count() + 1) * by.len())?;
    let lines = text.as_str().lines().enumerate().map(|(at, line)| {
        let wanted = if at == 0 { first } else { blank || !line.is_empty() };
        format!("{}{line}", if wanted { by.as_str() } else { "" })
    });
    Ok(marked(lines.collect::<Vec<_>>().join("\n"), text.is_safe()))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn join(list: &[Value], kwargs: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let separator = kwargs.get::<&Value>("sep")?.cloned().unwrap_or_else(|| Value::from(""));
    let safe = separator.is_safe() || list.iter().any(Value::is_safe);
    let text = |value: &Value| {
        measure(value)?;
        if safe { state.escape_if_needed(value) } else { Ok(value.to_string()) }
    };
    let separator = text(&separator)?;
    let mut joined = String::new();
    for (at, value) in list.iter().enumerate() {
        if at > 0 {
            joined.push_str(&separator);
        }
        if !value.is_undefined() {
            joined.push_str(&text(value)?);
        }
        bound(joined.len())?;
    }
    Ok(marked(joined, safe))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tera's")]
fn split(text: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<Value>> {
    let pattern = kwargs.must_get::<&str>("pat")?;
    bound(text.len() + 32 * text.matches(pattern).count())?;
    Ok(text.split(pattern).map(Value::from).collect())
}
