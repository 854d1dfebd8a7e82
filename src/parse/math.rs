//! LaTeX formulas → `MathML`.
//!
//! In: a formula as written between its dollars. Out: a `<math>` element, or why there is none. It
//! stands here because both readers need the answer: `parse` reports a formula that cannot be read,
//! `render` writes the others.

use std::sync::OnceLock;

use math_core::{LatexToMathML, MathDisplay};

/// Longest formula that is tried. The converter recurses; `\sqrt\sqrt…` nests without a brace, and
/// this keeps it well within a thread's stack.
const MAX_BYTES: usize = 4 << 10;

/// Deepest nesting of braces and environments that is tried.
const MAX_DEPTH: usize = 64;

/// The formula as `MathML`. The error says in a few words what cannot be read.
pub fn to_mathml(latex: &str, display: bool) -> Result<String, String> {
    static CONVERTER: OnceLock<LatexToMathML> = OnceLock::new();
    if latex.len() > MAX_BYTES {
        return Err(format!("longer than {} KiB", MAX_BYTES >> 10));
    }
    if depth(latex) > MAX_DEPTH {
        return Err(format!("nested deeper than {MAX_DEPTH}"));
    }
    let converter = CONVERTER.get_or_init(LatexToMathML::default);
    let display = if display { MathDisplay::Block } else { MathDisplay::Inline };
    converter.convert_with_local_state(latex, display).map(|result| result.mathml).map_err(|error| {
        // As findings are worded here.
        let text = error.to_string().replace('"', "`").replace('\n', " ");
        let mut letters = text.trim_end_matches('.').chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
    })
}

fn depth(latex: &str) -> usize {
    let mut open = 0usize;
    let mut deepest = 0;
    for (at, byte) in latex.bytes().enumerate() {
        let starts = |word: &str| latex.as_bytes()[at..].starts_with(word.as_bytes());
        match byte {
            b'{' => open += 1,
            b'\\' if starts("\\left") || starts("\\begin") => open += 1,
            b'}' => open = open.saturating_sub(1),
            b'\\' if starts("\\right") || starts("\\end") => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_mathml() {
        assert_eq!(to_mathml("x^2", false).unwrap(), "<math><msup><mi>x</mi><mn>2</mn></msup></math>");
        assert!(to_mathml("\\frac{a}{b}", true).unwrap().starts_with("<math display=\"block\"><mfrac>"));
    }

    #[test]
    fn a_formula_that_cannot_be_read_says_why() {
        for latex in [
            "\\frac{1",
            "\\nosuchcommand",
            "x}",
            &"{".repeat(100_000),
            &"\\sqrt".repeat(800),
            &"x".repeat(9_000),
        ] {
            let why = to_mathml(latex, false).unwrap_err();
            assert!(!why.is_empty() && !why.contains('\n'), "{why}");
        }
    }

    #[test]
    fn formulas_cannot_write_html() {
        let html = to_mathml("\\text{<script>alert(1)</script>} < \\href{javascript:x}{y}", false);
        assert!(!html.unwrap_or_default().contains("<script"));
        assert!(!to_mathml("\\text{<b>\"&}", false).unwrap_or_default().contains("<b>"));
    }
}
