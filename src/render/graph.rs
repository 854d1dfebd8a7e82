//! What needs what, as a picture.
//!
//! In: boxes with their words, and arrows between them. Out: an SVG element whose colours come from
//! classes. The same boxes and arrows always give the same picture. Not here: which pages are in it
//! (`training`), and the same in words, which stands beside it.

mod layout;
mod text;

use std::fmt::Write as _;

use super::html::escape::text as escaped;
use layout::{HEIGHT, WIDTH, lay_out};

/// Boxes that a picture holds at most; beyond that the list beside it says more.
pub const MAX_BOXES: usize = 120;
/// Room around everything, so that no border is cut.
const MARGIN: i32 = 6;
/// Heights of a line of the title and of the words below it.
const LINE: i32 = 16;
const SUB_LINE: i32 = 15;

/// A box.
#[derive(Clone, Debug, Default)]
pub struct GraphBox {
    /// Its title; two lines of it are shown.
    pub title: String,
    /// A few words below.
    pub sub: String,
    /// Where it leads.
    pub url: String,
    /// By what a script finds it.
    pub unit: String,
    /// The colour of its state; may be empty.
    pub state: &'static str,
    /// It may be left out.
    pub optional: bool,
}

/// An arrow: what is first, what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// Index of the box that comes first.
    pub from: usize,
    /// Index of the box that stands on it.
    pub to: usize,
    /// Not a need: a page that is used.
    pub uses: bool,
}

/// Draws boxes and arrows; `title` and `about` are what is read out. `None`: there is nothing to see.
pub fn draw(boxes: &[GraphBox], arrows: &[Arrow], title: &str, about: &str) -> Option<String> {
    if boxes.len() > MAX_BOXES || arrows.is_empty() {
        return None;
    }
    let edges: Vec<(usize, usize)> = arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    let layout = lay_out(boxes.len(), &edges);
    let (width, height) = (layout.width + 2 * MARGIN, layout.height + 2 * MARGIN);
    // A group and no image: an image hides the links that it holds.
    let mut svg = format!(
        "<svg role=\"group\" aria-labelledby=\"graph-title\" aria-describedby=\"graph-about\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"-{MARGIN} -{MARGIN} {width} {height}\"><title id=\"graph-title\">{}</title>\
         <desc id=\"graph-about\">{}</desc>",
        escaped(title),
        escaped(about)
    );
    for (arrow, way) in arrows.iter().zip(&layout.ways) {
        let class = if arrow.uses { " class=\"uses\"" } else { "" };
        let _ = write!(svg, "<path{class} d=\"{}\"/>", path(way));
    }
    for (shown, (x, y)) in boxes.iter().zip(&layout.places) {
        draw_box(shown, *x, *y, &mut svg);
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn draw_box(shown: &GraphBox, x: i32, y: i32, svg: &mut String) {
    let optional = if shown.optional { "may" } else { "" };
    let classes: Vec<&str> = [shown.state, optional].into_iter().filter(|class| !class.is_empty()).collect();
    let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
    let _ = write!(svg, "<a{class} href=\"{}\"", escaped(&shown.url));
    if !shown.unit.is_empty() {
        let _ = write!(svg, " data-unit=\"{}\"", escaped(&shown.unit));
    }
    let _ = write!(svg, "><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"5\"/>");
    let lines = text::wrap(&shown.title, text::TITLE);
    let sub = text::wrap(&shown.sub, text::SUB).into_iter().next();
    let high = LINE * i32::try_from(lines.len()).unwrap_or(1) + if sub.is_some() { SUB_LINE } else { 0 };
    let mut base = y + (HEIGHT - high) / 2 + 12;
    let middle = x + WIDTH / 2;
    for line in &lines {
        let _ = write!(svg, "<text x=\"{middle}\" y=\"{base}\">{}</text>", escaped(line));
        base += LINE;
    }
    if let Some(sub) = sub {
        let _ = write!(svg, "<text class=\"sub\" x=\"{middle}\" y=\"{base}\">{}</text>", escaped(&sub));
    }
    svg.push_str("</a>");
}

/// A way through its points: level across the columns, curved between them.
fn path(way: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in way.iter().enumerate() {
        let Some((before_x, before_y)) = at.checked_sub(1).map(|before| way[before]) else {
            let _ = write!(path, "M{x} {y}");
            continue;
        };
        if before_y == *y {
            let _ = write!(path, "H{x}");
        } else {
            let half = i32::midpoint(before_x, *x);
            let _ = write!(path, "C{half} {before_y} {half} {y} {x} {y}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(title: &str) -> GraphBox {
        GraphBox {
            title: title.to_owned(),
            url: format!("/{}/", title.to_lowercase()),
            ..GraphBox::default()
        }
    }

    fn needs(from: usize, to: usize) -> Arrow {
        Arrow { from, to, uses: false }
    }

    #[test]
    fn a_picture_holds_boxes_with_links_and_arrows_that_say_what_they_are() {
        let boxes = [
            shown("Start"),
            GraphBox {
                sub: "doubtful".to_owned(),
                state: "doubtful",
                optional: true,
                unit: "module.end".to_owned(),
                ..shown("A <b> & a \"quote\"")
            },
        ];
        let arrows = [needs(0, 1), Arrow { uses: true, ..needs(0, 1) }];
        let svg = draw(&boxes, &arrows, "What needs what", "Two boxes <b>").unwrap();
        assert_eq!(
            svg,
            "<svg role=\"group\" aria-labelledby=\"graph-title\" aria-describedby=\"graph-about\" width=\"352\" height=\"68\" \
             viewBox=\"-6 -6 352 68\"><title id=\"graph-title\">What needs what</title>\
             <desc id=\"graph-about\">Two boxes &lt;b&gt;</desc>\
             <path d=\"M152 28H188\"/><path class=\"uses\" d=\"M152 28H188\"/>\
             <a href=\"/start/\"><rect x=\"0\" y=\"0\" width=\"152\" height=\"56\" rx=\"5\"/>\
             <text x=\"76\" y=\"32\">Start</text></a>\
             <a class=\"doubtful may\" href=\"/a &lt;b&gt; &amp; a &quot;quote&quot;/\" \
             data-unit=\"module.end\"><rect x=\"188\" y=\"0\" width=\"152\" height=\"56\" rx=\"5\"/>\
             <text x=\"264\" y=\"24\">A &lt;b&gt; &amp; a &quot;quote&quot;</text>\
             <text class=\"sub\" x=\"264\" y=\"40\">doubtful</text></a></svg>"
        );
    }

    #[test]
    fn without_an_arrow_there_is_nothing_to_see_and_a_crowd_is_no_picture() {
        assert_eq!(draw(&[shown("A"), shown("B")], &[], "", ""), None);
        let crowd: Vec<GraphBox> = (0..=MAX_BOXES).map(|at| shown(&at.to_string())).collect();
        assert_eq!(draw(&crowd, &[needs(0, 1)], "", ""), None);
        assert!(draw(&crowd[1..], &[needs(0, 1)], "", "").is_some());
    }
}
