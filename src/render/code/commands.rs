//! The HTML of a block of commands.
//!
//! Prompts, notes between commands and output stand in elements of their own, so that copying is leaving them out;
//! placeholders in `<var>`, whose `data-v` is the field and whose `data-q` says what a value is quoted for.

use std::fmt::Write as _;
use std::ops::Range;

use super::placeholders::{Fields, find_fields};
use super::session::{Line, Part};
use super::shell::Context;
use super::{Block, danger, render_code};
use crate::parse::languages;
use crate::render::html::escape;

/// An element around some bytes of the text.
struct Mark {
    range: Range<usize>,
    open: String,
    close: &'static str,
}

/// The inside of a block whose lines were read.
pub(super) fn render(text: &str, lines: &[Line], token: &str, fields: &mut Fields) -> Block {
    let commands = || lines.iter().filter(|line| line.part == Part::Command);
    let has_command = commands().next().is_some();
    let is_session = lines.iter().any(|line| line.prompt > 0 || line.part == Part::Output);
    let mut marks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let next = |index: usize| lines.get(index).map_or(text.len(), |line| line.start);
        match line.part {
            Part::Output => {
                let mut end = at + 1;
                while lines.get(end).is_some_and(|line| matches!(line.part, Part::Output | Part::Blank)) {
                    end += 1;
                }
                if end == lines.len() {
                    while lines[end - 1].part == Part::Blank {
                        end -= 1;
                    }
                }
                let stop =
                    if end == lines.len() { lines[end - 1].start + lines[end - 1].length } else { next(end) };
                let stop = if lines[end..].iter().all(|line| line.part == Part::Blank) {
                    lines[end - 1].start + lines[end - 1].length
                } else {
                    stop
                };
                let open = "<samp tabindex=\"0\" role=\"group\" aria-label=\"Output\">".to_owned();
                marks.push(Mark { range: line.start..stop, open, close: "</samp>" });
                at = end;
                continue;
            }
            Part::Comment if is_session => {
                let open = "<span class=\"c pr\">".to_owned();
                marks.push(Mark { range: line.start..next(at + 1), open, close: "</span>" });
            }
            Part::Command => push_command(&mut marks, text, line, fields),
            Part::Comment | Part::Blank => {}
        }
        at += 1;
    }
    let plain = is_session || matches!(token, languages::CONSOLE | languages::PLAIN);
    let html = if plain { escape::text(text).into_owned() } else { render_code(text, token) };
    let hazard =
        danger::find(commands().map(|line| &text[line.start + line.prompt..line.start + line.length]));
    Block { html: overlay(&html, &marks), is_session, has_command, hazard }
}

fn push_command(marks: &mut Vec<Mark>, text: &str, line: &Line, fields: &mut Fields) {
    let start = line.start + line.prompt;
    if line.prompt > 0 {
        marks.push(Mark { range: line.start..start, open: "<span class=\"pr\">".into(), close: "</span>" });
    }
    for (place, key) in find_fields(&text[start..line.start + line.length], &line.contexts, fields) {
        let mut open = format!("<var data-v=\"{}\"", escape::text(&key));
        let quoted_for = match place.context {
            Context::Plain | Context::Comment => "",
            Context::Single => "s",
            Context::Double => "d",
            Context::Here => "h",
            Context::Raw => "r",
        };
        if !quoted_for.is_empty() {
            let _ = write!(open, " data-q=\"{quoted_for}\"");
        }
        open.push('>');
        marks.push(Mark { range: start + place.range.start..start + place.range.end, open, close: "</var>" });
    }
}

/// Puts elements around bytes of the text that `html` shows. Its own elements are spans that do not nest; one that an
/// end of a mark cuts is closed and opened again.
fn overlay(html: &str, marks: &[Mark]) -> String {
    if marks.is_empty() {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len() + marks.len() * 40);
    let mut waiting = marks.iter().peekable();
    let mut inside: Option<&Mark> = None;
    let mut span = "";
    let mut at = 0;
    let mut rest = html;
    loop {
        if let Some(mark) = inside.filter(|mark| mark.range.end <= at) {
            out.push_str(if span.is_empty() { "" } else { "</span>" });
            out.push_str(mark.close);
            out.push_str(span);
            inside = None;
        }
        if inside.is_none()
            && let Some(mark) = waiting.next_if(|mark| mark.range.start <= at)
        {
            out.push_str(if span.is_empty() { "" } else { "</span>" });
            out.push_str(&mark.open);
            out.push_str(span);
            inside = Some(mark);
            continue;
        }
        let Some(first) = rest.chars().next() else { break };
        let length = match first {
            '<' => rest.find('>').map_or(rest.len(), |end| end + 1),
            '&' => rest.find(';').map_or(1, |end| end + 1),
            c => c.len_utf8(),
        };
        let (piece, more) = rest.split_at(length);
        match first {
            '<' => span = if piece.starts_with("</") { "" } else { piece },
            '&' => at += 1,
            c => at += c.len_utf8(),
        }
        out.push_str(piece);
        rest = more;
    }
    if let Some(mark) = inside {
        out.push_str(mark.close);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::session::{Form, read};
    use super::*;

    fn html(token: &str, text: &str) -> String {
        let form = if token == languages::PLAIN { Form::Unnamed } else { Form::Shell };
        let Some(lines) = read(text, form) else { return "no commands".to_owned() };
        let mut fields = Fields::new(Vec::new(), std::iter::once(text));
        render(text, &lines, token, &mut fields).html
    }

    /// What the button copies.
    fn copied(token: &str, text: &str) -> String {
        let mut html = html(token, text)
            .replace("<samp tabindex=\"0\" role=\"group\" aria-label=\"Output\">", "\u{1}")
            .replace("</samp>", "\u{2}");
        while let Some(start) = html.find('\u{1}') {
            let end = html.find('\u{2}').unwrap();
            html.replace_range(start..=end, "");
        }
        for class in ["c pr", "pr"] {
            while let Some(start) = html.find(&format!("<span class=\"{class}\">")) {
                let end = start + html[start..].find("</span>").unwrap() + "</span>".len();
                html.replace_range(start..end, "");
            }
        }
        let mut out = String::new();
        let mut in_tag = false;
        for c in html.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => out.push(c),
                _ => {}
            }
        }
        let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        out.trim_end_matches('\n').to_owned()
    }

    #[test]
    fn only_commands_are_copied() {
        for (text, expected) in [
            ("ls\ncat x", "ls\ncat x"),
            ("$ ls", "ls"),
            ("$ ls\na <b>\n\n$ pwd", "ls\npwd"),
            ("$ a \\\n  b\n", "a \\\n  b"),
            ("$ a \\\n> b", "a \\\nb"),
            ("# note\n$ a", "a"),
            ("# systemctl stop x", "systemctl stop x"),
            ("# Install it once\nasdf install", "# Install it once\nasdf install"),
            ("root@db-01:~# id\nuid=0", "id"),
            ("$> be knife status\nok", "be knife status"),
            ("db-01:~$ ps\nPID TTY", "ps"),
            ("echo \"a@b $ c\"", "echo \"a@b $ c\""),
            ("$ sudo su\n# docker-machine ls\nNAME", "sudo su\ndocker-machine ls"),
            ("$ vi x\n# Make a change\n./apply", "vi x\n./apply"),
            ("$ cat x.sh\n#!/bin/sh\n\necho hi", "cat x.sh"),
            ("$ cat /etc/dns\nserver=1\n# Disable caching\ncache-size=0", "cat /etc/dns"),
            ("> info replication\n# Replication\nrole:master", "info replication"),
            ("pgbouncer=# show clients;\n type | user\n------+-----\n", "show clients;"),
            ("$ tsh status\n> Profile URL: x\n  Logged in", "tsh status"),
            ("sudo ls -l\ntotal 24K\ndrwx------ 2 root root 4.0K May 20 x", "sudo ls -l"),
            ("backup-list | sort\n\nname\ta\tb\nbase_1\t2019-06-15\tc", "backup-list | sort"),
            ("* Rebuilt URL\n> HEAD / HTTP/1.1\n< HTTP/1.1 404 Not Found", ""),
            ("0.064859000    GET    /v1/kv", ""),
            ("< list.txt xargs rm", "< list.txt xargs rm"),
            ("cat <<EOF\n$ not a prompt\nEOF", "cat <<EOF\n$ not a prompt\nEOF"),
            ("veracrypt --create x\n\nEnter password:\nDone: 100%", "veracrypt --create x"),
            ("for i in 1 2; do\n  echo $i\ndone", "for i in 1 2; do\n  echo $i\ndone"),
            ("$ for i in 1 2; do\n  echo $i\ndone\n1\n2", "for i in 1 2; do\n  echo $i\ndone"),
            ("$ echo \"it's\nout", "echo \"it's"),
        ] {
            assert_eq!(copied("bash", text), expected, "{text}");
        }
    }

    #[test]
    fn a_block_without_a_language_holds_commands_only_if_it_looks_like_it() {
        for (text, expected) in [
            ("$ ls\na", "ls"),
            ("sudo gitlab-ctl restart", "sudo gitlab-ctl restart"),
            ("find the node\nrestart it", "no commands"),
            ("ERROR: x\n$ y", "no commands"),
            ("# a heading\ntext", "no commands"),
            ("# ps aux | grep x\ngitlab 1 2", "ps aux | grep x"),
        ] {
            assert_eq!(copied(languages::PLAIN, text), expected, "{text}");
        }
    }

    #[test]
    fn placeholders_are_found_in_their_real_forms() {
        for (text, expected) in [
            ("ssh <HOST>", "HOST"),
            ("ssh <username>-db@console", "username"),
            ("ssh <node name> --iap", "node name"),
            ("echo x | gpg -r <keyid from `gpg -K`>", "keyid from `gpg -K`"),
            ("cat <<EOF\nx\nEOF", ""),
            ("a < in > out", ""),
            ("echo '<b>x</b>'", ""),
            ("kubectl drain \"$NODE\"", "NODE"),
            ("tar ${DIR}/x", "DIR"),
            ("A=1; echo $A", ""),
            ("for x in 1; do echo $x; done", ""),
            ("awk '{ print $NF }'", ""),
            ("echo $HOME $1 $? $$", ""),
            ("mv x /etc/chef.{reason}", "reason"),
            ("echo {a,b} {1..3} {} ${X:-y}", ""),
            ("git diff HEAD@{u}", ""),
            ("curl -w '%{http_code}' --format '{{.Id}}'", ""),
            ("rebalance nfs-fileXX nfs-fileYY", "nfs-fileXX,nfs-fileYY"),
            ("rm '@hashed/XX/XX/XXXX'", "XX/XX/XXXX"),
            ("TOKEN=XXX", "TOKEN"),
            ("create --google-project xx", "google-project"),
            ("date -d YYYY-MM-DD", "YYYY-MM-DD"),
            ("vacuumdb --jobs=N", "jobs"),
            ("export T=CHANGEME", "T"),
            ("export T=\"...\"", "T"),
            ("list --account [SA-NAME]@[PROJECT-ID].iam", "SA-NAME,PROJECT-ID"),
            ("grep '[A-Z][a-z]' x", ""),
            ("[ -f x ] && echo 1", ""),
            ("sentinel failover CLUSTER_NAME", "CLUSTER_NAME"),
            ("ls # ask <name>", ""),
        ] {
            let lines = read(text, Form::Shell).unwrap();
            let mut fields = Fields::new(Vec::new(), std::iter::once(text));
            render(text, &lines, "bash", &mut fields);
            let found: Vec<&str> = fields.all.iter().map(|field| field.label.as_str()).collect();
            assert_eq!(found.join(","), expected, "{text}");
        }
    }

    #[test]
    fn a_placeholder_says_what_it_is_quoted_for() {
        let var = |q: &str, text: &str| format!("<var data-v=\"a\"{q}>{text}</var>");
        assert_eq!(html("console", "x <a>"), format!("x {}", var("", "&lt;a&gt;")));
        assert_eq!(
            html("console", "x \"<a>\""),
            format!("x &quot;{}&quot;", var(" data-q=\"d\"", "&lt;a&gt;"))
        );
        assert_eq!(html("console", "x '<a>'"), format!("x '{}'", var(" data-q=\"s\"", "&lt;a&gt;")));
        assert_eq!(
            html("console", "cat <<E\n<a>\nE"),
            format!("cat &lt;&lt;E\n{}\nE", var(" data-q=\"h\"", "&lt;a&gt;"))
        );
        assert_eq!(
            html("console", "> get <a>"),
            format!("<span class=\"pr\">&gt; </span>get {}", var(" data-q=\"r\"", "&lt;a&gt;"))
        );
    }

    #[test]
    fn colours_and_placeholders_do_not_cross() {
        assert_eq!(
            overlay(
                "a <span class=\"s\">&lt;b&gt; c</span> d",
                &[Mark { range: 1..4, open: "<var>".into(), close: "</var>" }]
            ),
            "a<var> <span class=\"s\">&lt;b</span></var><span class=\"s\">&gt; c</span> d"
        );
    }
}
