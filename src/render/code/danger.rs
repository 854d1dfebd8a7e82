//! Commands that are known to destroy what nobody gets back.
//!
//! In: the commands of a block. Out: what the first such command does, for the caption. An author says more with
//! `danger=…` on the fence, and `danger=no` where it is harmless.

use super::words::first_program;

/// What the commands destroy, if they are known to.
pub(super) fn find<'t>(commands: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    commands.flat_map(simple_commands).find_map(|command| what_it_does(&command))
}

/// What statements of SQL destroy, if they do.
pub(super) fn find_in_sql(text: &str) -> Option<&'static str> {
    let code: String =
        text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    code.split(';').find_map(statement)
}

/// The parts of a line that are commands of their own, those in quotes too: they are run elsewhere.
fn simple_commands(line: &str) -> Vec<String> {
    let line = line.split(" # ").next().unwrap_or_default();
    line.split(['|', ';', '&', '(', ')', '`', '\'', '"'])
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn what_it_does(command: &str) -> Option<&'static str> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let program = first_program(command);
    let has = |word: &str| words.contains(&word);
    // `-rf`, `-fr`, `-r -f`.
    let flag = |letter: char| {
        words.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
    };
    let runs_rm = program == "rm" || (has("xargs") && has("rm")) || (has("-exec") && has("rm"));
    let remote = matches!(
        program,
        "gcloud"
            | "kubectl"
            | "helm"
            | "aws"
            | "az"
            | "knife"
            | "consul"
            | "docker"
            | "docker-machine"
            | "vault"
            | "be"
            | "bundle"
    );
    if runs_rm && (flag('r') || flag('R') || has("--recursive")) {
        return Some("deletes files and folders");
    }
    match program {
        "find" if has("-delete") => Some("deletes files"),
        "mkfs" | "wipefs" | "shred" | "lvremove" | "vgremove" | "pvremove" => Some("destroys data on a disk"),
        _ if program.starts_with("mkfs.") => Some("destroys data on a disk"),
        "dd" if words.iter().any(|word| word.starts_with("of=/dev/") && *word != "of=/dev/null") => {
            Some("overwrites a disk")
        }
        "zpool" | "zfs" if has("destroy") => Some("destroys data on a disk"),
        "shutdown" | "poweroff" | "halt" | "reboot" => Some("stops the machine"),
        "systemctl" if has("poweroff") || has("reboot") || has("halt") => Some("stops the machine"),
        "terraform" | "tf" if has("destroy") => Some("destroys infrastructure"),
        "terraform" | "tf" if has("rm") && has("state") => Some("forgets infrastructure that runs"),
        "git" if has("push") && (has("--force") || has("-f") || has("--mirror")) => {
            Some("overwrites history for everyone")
        }
        "git" if has("reset") && has("--hard") => Some("throws away changes"),
        "git" if has("clean") && flag('f') => Some("throws away files"),
        "gsutil" | "s3cmd" if has("rm") || has("rb") => Some("deletes objects"),
        "aws" if has("s3") && (has("rm") || has("rb")) => Some("deletes objects"),
        "bq" if has("rm") => Some("deletes tables"),
        "docker" if has("prune") => Some("deletes what no container uses"),
        "kubectl" if has("drain") => Some("moves everything off a node"),
        "patronictl" | "gitlab-patronictl" if has("failover") || has("reinit") || has("remove") => {
            Some("replaces a database")
        }
        "redis-cli" | "gitlab-redis-cli"
            if words.iter().any(|word| {
                word.eq_ignore_ascii_case("flushall") || word.eq_ignore_ascii_case("flushdb")
            }) =>
        {
            Some("deletes all keys")
        }
        "iptables" if has("-F") || has("--flush") => Some("opens the firewall"),
        "dropdb" => Some("drops a database"),
        "crontab" if has("-r") => Some("deletes all jobs of cron"),
        _ if remote && (has("delete") || has("destroy") || has("terminate") || has("uninstall")) => {
            Some("deletes what is named")
        }
        _ if has("docker-machine") && has("rm") => Some("deletes machines"),
        "curl" if has("DELETE") || has("-XDELETE") => Some("deletes what the address names"),
        _ => statement(command),
    }
}

fn statement(sql: &str) -> Option<&'static str> {
    let upper = sql.trim().to_ascii_uppercase();
    let words: Vec<&str> = upper.split_whitespace().take(3).collect();
    match words.as_slice() {
        ["DROP", "DATABASE" | "TABLE" | "SCHEMA" | "TABLESPACE", ..] => Some("drops what is named"),
        ["TRUNCATE", "TABLE", ..] => Some("empties a table"),
        ["DELETE", "FROM", ..] if !upper.contains(" WHERE ") => Some("deletes every row"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_destructive_commands_are_known() {
        for (command, reason) in [
            ("sudo rm -rf /srv/data", Some("deletes files and folders")),
            ("rm -r -f x", Some("deletes files and folders")),
            ("ls | xargs -rn1 ionice -c 3 rm -fr", Some("deletes files and folders")),
            ("xargs rm -fr", Some("deletes files and folders")),
            ("rm x", None),
            ("knife ssh roles:db 'sudo rm -rf /var/opt/data'", Some("deletes files and folders")),
            ("kubectl delete pod x", Some("deletes what is named")),
            ("kubectl get pods", None),
            ("terraform destroy", Some("destroys infrastructure")),
            ("git push --force", Some("overwrites history for everyone")),
            ("git push -u origin x", None),
            ("dd if=x of=/dev/sda", Some("overwrites a disk")),
            ("dd if=/dev/zero of=/dev/null", None),
            ("sudo gitlab-psql -c 'DROP TABLE x'", Some("drops what is named")),
            ("psql -c \"delete from x where id = 1\"", None),
            ("echo rm -rf", None),
            ("grep -rf x", None),
        ] {
            assert_eq!(find(std::iter::once(command)), reason, "{command}");
        }
        assert_eq!(find_in_sql("select 1;\ndelete from x; -- all"), Some("deletes every row"));
        assert_eq!(find_in_sql("-- drop table x\nselect 1"), None);
    }
}
