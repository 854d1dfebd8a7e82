//! How a line begins: as a command does, or as what a command prints.

use super::shell::assignment;

/// The first word of a line.
pub(super) fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// The program that a command runs: without `sudo` and variables that are set for it.
pub(super) fn first_program(command: &str) -> &str {
    let mut words = command.split_whitespace().skip_while(|word| {
        matches!(*word, "sudo" | "[sudo]" | "time" | "nohup" | "env" | "exec" | "!" | "then" | "do")
            || word.starts_with('-')
            || assignment(word).is_some()
    });
    let word = words.next().unwrap_or_default();
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether a line begins as a command does: a program that every system has, a path, an assignment.
pub(super) fn is_command_like(line: &str) -> bool {
    let line = line.trim_start();
    let word = first_word(line);
    if word.is_empty() || word.ends_with(':') || word.ends_with(',') {
        return false;
    }
    let path = word.starts_with("./")
        || word.starts_with("~/")
        || (word.starts_with('/') && word.len() > 1 && !word.starts_with("//"));
    path || is_unmistakable(word)
        || PROGRAMS.split_whitespace().any(|program| program == word)
        || assignment(word)
            .is_some_and(|name| !name.is_empty() && name.bytes().any(|byte| byte.is_ascii_uppercase()))
        || (word.starts_with('$') && word.len() > 1)
}

/// Whether a line cannot be a command.
pub(super) fn is_output_like(line: &str) -> bool {
    let text = line.trim();
    let word = first_word(text);
    let bytes = text.as_bytes();
    if text.is_empty() || is_command_like(text) {
        return false;
    }
    let listing = bytes.len() > 10
        && matches!(bytes[0], b'-' | b'd' | b'l' | b'b' | b'c' | b'p' | b's')
        && bytes[1..10]
            .iter()
            .all(|byte| matches!(byte, b'r' | b'w' | b'x' | b's' | b'S' | b't' | b'T' | b'-'))
        && bytes[1..10].iter().any(|byte| *byte != b'-');
    let numbers = word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| {
            byte.is_ascii_digit()
                || matches!(byte, b'.' | b':' | b'-' | b'/' | b'_' | b'T' | b'Z' | b'%' | b',' | b')')
        });
    // `Enter password:`, `Start PostgreSQL.`: no program has a name in capitals and small letters.
    let sentence = word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word[1..]
            .trim_end_matches([':', ',', '.', '-'])
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'A'..=b'Z'))
        && word.bytes().any(|byte| byte.is_ascii_lowercase());
    let message = word
        .split_once('[')
        .is_some_and(|(level, _)| level.len() > 2 && level.bytes().all(|byte| byte.is_ascii_uppercase()))
        || matches!(
            word.trim_end_matches(':'),
            "INFO"
                | "WARN"
                | "WARNING"
                | "ERROR"
                | "DEBUG"
                | "FATAL"
                | "NOTICE"
                | "error"
                | "warning"
                | "fatal"
        )
        || (word.len() == 2 && word.ends_with(',') && text[2..].starts_with(" ["));
    let echo = text.starts_with("* ")
        || text.starts_with("< HTTP")
        || text.starts_with("HTTP/")
        || (text.starts_with("< ") && first_word(&text[2..]).ends_with(':'))
        || text.starts_with("> ")
        || text == ">"
        || text == "<"
        || text == "*"
        || text.starts_with("● ");
    // `NAME   STATUS   AGE`
    let columns = text.split("  ").filter(|column| !column.trim().is_empty()).count();
    let heading = columns >= 3
        && word.len() > 1
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'(' | b')' | b':'));
    let table = heading
        || text.starts_with("+--")
        || text.starts_with("| ")
        || text.starts_with("---")
        || (text.starts_with('(') && text.contains(" row"))
        || text.matches('\t').count() >= 2;
    let marked = text.starts_with("--")
        || text.starts_with("``")
        || text.starts_with("- ")
        || text == "..."
        || text == "(...)"
        || text == "[...]"
        || (text.starts_with('"') && !text.starts_with("\"$"))
        || (text.starts_with('`') && text.ends_with('`'))
        || (text.starts_with("{\"") || text == "[" || text == "[]");
    listing
        || numbers
        || sentence
        || message
        || echo
        || table
        || marked
        || (word == "total" && text.split_whitespace().count() == 2)
}

/// Whether a word is the name of a program and nothing else.
pub(super) fn is_unmistakable(word: &str) -> bool {
    UNMISTAKABLE.split_whitespace().any(|program| program == word)
}

/// Programs whose names are no words: a block without a language that begins with one holds commands.
const UNMISTAKABLE: &str = "\
    ansible ansible-playbook apt apt-get asdf aws az bq bundle chef-client consul crictl crontab ctr \
    curl dig dmesg dnf docker docker-compose docker-machine dpkg fio gcloud git gitlab-backup gitlab-ctl \
    gitlab-patronictl gitlab-psql gitlab-rails gitlab-rake gitlab-runner gpg grep gsutil helm iptables \
    journalctl jq jsonnet knife kubectl lsblk lsof mkfs mysql netstat nslookup openssl patronictl \
    pg_dump pgrep pip pip3 pkill psql rake redis-cli rsync scp sftp ssh ssh-add ssh-keygen strace sudo \
    systemctl tar tcpdump tctl terraform tf traceroute tsh vacuumdb wget xargs yum zcat zgrep \
";

/// More programs and words that begin a command; in prose they are words too.
const PROGRAMS: &str = "\
    [sudo] alias awk base64 bash be brew bzip2 cat cd chgrp chmod chown clear cp date df diff du echo \
    egrep env exec exit export find firefox for free gem gnuplot groupmod gsort gunzip gzip head history \
    host hostname id if ifconfig ionice iostat ip kill killall less ln ls make mkdir mount mtr mv nano \
    nc node nohup npm open perf ping printf prlimit ps pwd python python3 rails rbenv read rm rspec ruby \
    runc sed seq service set sh shred sleep sort source ss su tail tcpflow tee telnet time tmux toolbox \
    top touch truncate tshark umount uname unset until uptime useradd usermod vault vi vim watch while \
    whoami whois wireshark ykpersonalize \
";
