//! The pages of training and jobs: paths, modules, jobs, openings, skills.

use std::path::Path;

use docent::pipeline::{Checked, check};
use docent::render::{BuildStamp, Renderer};
use serde_json::Value;

use crate::support::{corpus, judged, knowledge_base, options};

/// What stands at an address, with the verdicts.
fn at(checked: &Checked, url: &str) -> String {
    let renderer = Renderer::new(&checked.site, &checked.sources.theme, BuildStamp::default()).unwrap();
    let renderer = renderer.with_freshness(&checked.freshness);
    let output = checked.site.outputs.get(url).unwrap_or_else(|| panic!("nothing stands at {url}"));
    String::from_utf8(renderer.render(url, *output).unwrap()).unwrap()
}

fn expect(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

const START: &str = "---\nkind: module\nid: module.start\ntitle: Start\nteaches: [skill.work]\nduration: 2h\nlevel: beginner\n---\n\nText.\n";
const TICKETS: &str = "---\nkind: module\nid: module.tickets\ntitle: Tickets\nneeds: [skill.work]\nteaches: [skill.ticketing]\nduration: 1d\nuses: [/mail.md]\n---\n\nText.\n";
const TALKS: &str = "---\nkind: module\nid: module.talks\ntitle: Talks\nneeds: [skill.ticketing]\nteaches: [skill.ticketing@2]\nduration: 4h\n---\n\nText.\n";
const PATH: &str = "---\nkind: path\ntitle: Onboarding\nroles: [engineer]\noutcome: Answers alone\nrefresh_every: 180d\nsteps:\n\
    - use: module.start\n- choose: 1\n  of: [module.tickets, module.talks]\n- use: module.gone\n- runbook: /mail.md\n  optional: true\n\
    - checkpoint: { sign_off: manager, text: First ticket <b>read</b> }\n---\n\n## Steps\n\nText.\n";
const JOB: &str = "---\nkind: job\ntitle: Engineer\nrequires: [skill.work, skill.ticketing, skill.hiring]\nlevels:\n- junior\n\
    - { name: senior, requires: [skill.ticketing@2] }\n---\n\nText.\n";

fn team() -> Checked {
    let files = [
        ("start.md", START),
        ("tickets.md", TICKETS),
        ("talks.md", TALKS),
        ("path.md", PATH),
        ("jobs/engineer.md", JOB),
        ("mail.md", "---\nkind: runbook\ntitle: Mail\n---\n\nText.\n"),
        ("docent.yaml", "rules: { missing-step: off }\n"),
    ];
    let dir = knowledge_base(&files);
    check(&options(dir.path())).unwrap()
}

#[test]
fn a_path_shows_its_steps_with_times_needs_choices_and_what_needs_what() {
    let page = at(&team(), "/path/");
    expect(
        &page,
        &[
            "<dt>Takes</dt><dd>1½ days, and 1 min if you like</dd>",
            "<dt>At the end</dt><dd>Answers alone</dd>",
            "<dt>For</dt><dd><a href=\"/jobs/engineer/\">Engineer</a></dd>",
            "<dt>Repeat</dt><dd>every 180d</dd>",
            // The author has a heading of this name too.
            "<h2 id=\"steps-2\">Steps</h2>",
            "<li data-unit=\"module.start\"><svg",
            "One of 2",
            "<li data-unit=\"module.tickets\">",
            "<p>Needs <a href=\"/skills/#skill-work\">Work</a></p>",
            "<code>module.gone</code> does not exist",
            "<li data-unit=\"/mail/\"><svg",
            "<p>Optional</p>",
            "Checkpoint: First ticket &lt;b&gt;read&lt;/b&gt;</p></div><span class=\"end\">signed by manager</span>",
            "<svg role=\"group\" aria-labelledby=\"graph-title\" aria-describedby=\"graph-about\"",
            "<a href=\"/tickets/\">Tickets</a> needs <a href=\"/start/\">Start</a>",
            "<a href=\"/tickets/\">Tickets</a> uses <a href=\"/mail/\">Mail</a>",
        ],
    );
    assert!(!page.contains(" style="), "{page}");
}

#[test]
fn a_module_shows_what_it_takes_needs_and_teaches_and_which_roles_ask_for_it() {
    let page = at(&team(), "/tickets/");
    expect(
        &page,
        &[
            "<dt>Takes</dt><dd>1 day</dd>",
            "<dt>Needs</dt><dd class=\"chips\"><a class=\"chip\" href=\"/skills/#skill-work\">Work</a></dd>",
            "<dt>Teaches</dt><dd class=\"chips\"><a class=\"chip\" href=\"/skills/#skill-ticketing\">Ticketing</a></dd>",
            "<dt>Part of</dt><dd><a href=\"/path/\">Onboarding</a>, step 2 of 5",
            "<dt>Uses</dt><dd><a href=\"/mail/\">Mail</a>",
            "<h2 id=\"roles-that-need-it\">Roles that need it</h2>",
            "<a href=\"/jobs/engineer/\">Engineer</a>",
            "<span class=\"end\">Ticketing, level 2</span>",
            "<a href=\"/start/\" rel=\"prev\"><span>Previous in Onboarding</span>Start</a>",
            "<a href=\"/talks/\" rel=\"next\"><span>Next in Onboarding</span>Talks</a>",
        ],
    );
    expect(&at(&team(), "/start/"), &["<dt>Takes</dt><dd>2 h, beginner</dd>"]);
}

#[test]
fn a_job_shows_how_it_is_learned_here_the_gaps_and_what_the_next_level_takes() {
    let page = at(&team(), "/jobs/engineer/");
    expect(
        &page,
        &[
            "<dt>Levels</dt><dd>junior · senior</dd>",
            "<h2 id=\"how-you-learn-this-here\">How you learn this here</h2>\n<p>1½ days in all, path by path:</p>",
            "<a href=\"/path/\">Onboarding</a>",
            "<th scope=\"row\"><a href=\"/skills/#skill-ticketing\">Ticketing</a></th><td>1</td><td><a href=\"/tickets/\">Tickets</a></td><td class=\"num\">1 day</td>",
            "<th scope=\"row\"><a href=\"/skills/#skill-hiring\">Hiring</a></th><td>1</td><td><b>no module yet</b></td><td class=\"num\">–</td>",
            "<p>Nothing here teaches Hiring.</p>",
            "<tr><td>junior</td><th scope=\"row\">senior</th><td>Ticketing, level 2: <a href=\"/talks/\">Talks</a></td><td class=\"num\">½ day</td></tr>",
        ],
    );
    let list = at(&team(), "/kinds/job/");
    expect(&list, &["<span class=\"end\">1 path, 1½ days</span>"]);
    expect(&at(&team(), "/kinds/path/"), &["<span class=\"end\">5 steps, 1½ days</span>"]);
}

#[test]
fn the_table_of_skills_says_who_teaches_and_who_asks_and_names_the_gaps() {
    expect(
        &at(&team(), "/skills/"),
        &[
            "3 skills, 1 gap among them.",
            "<th scope=\"row\" id=\"skill-hiring\">Hiring<br><code>skill.hiring</code></th><td><b>no module yet</b></td><td></td><td><a href=\"/jobs/engineer/\">Engineer</a>, level 1</td>",
            "<a href=\"/tickets/\">Tickets</a>, level 1, 1 day",
            "<a href=\"/talks/\">Talks</a>, level 2, ½ day",
        ],
    );
    let none = check(&options(knowledge_base(&[("a.md", "# A\n\nText.\n")]).path())).unwrap();
    assert!(!none.site.outputs.contains_key("/skills/"));
}

#[test]
fn a_surge_of_tickets_turns_a_runbook_its_module_and_the_path_doubtful_and_each_page_shows_the_way() {
    let reviewed = "reviewed: 2026-08-01\nowners: [\"@ana\"]";
    let runbook = format!("---\nkind: runbook\ntitle: Mail\nticket_tags: [mail]\n{reviewed}\n---\n\nText.\n");
    let module = format!(
        "---\nkind: module\nid: module.mail\ntitle: Mail for support\nduration: 1h\nuses: [/mail.md]\n{reviewed}\n---\n\nText.\n"
    );
    let path = format!(
        "---\nkind: path\ntitle: Onboarding\n{reviewed}\nsteps: [{{ use: module.mail }}]\n---\n\nText.\n"
    );
    let files = [("mail.md", runbook.as_str()), ("module.md", &module), ("path.md", &path)];
    let checked = judged(&files, &["mail 9 2026-10-10 2026-11-20"]);
    let runbook = at(&checked, "/mail/");
    expect(&runbook, &["<section class=\"trust doubtful\"", "9 tickets"]);
    let module = at(&checked, "/module/");
    expect(&module, &["<section class=\"trust doubtful\"", "(through <a href=\"/mail/\">Mail</a>)"]);
    expect(
        &at(&checked, "/path/"),
        &[
            "<section class=\"trust doubtful\"",
            "(through <a href=\"/module/\">Mail for support</a> → <a href=\"/mail/\">Mail</a>)",
            // At the step, and in the picture.
            "<li data-unit=\"module.mail\">",
            "<a class=\"doubtful\" href=\"/mail/\">",
            "<a href=\"/module/\">Mail for support</a> uses <a href=\"/mail/\">Mail</a>",
        ],
    );
    let told: Vec<_> = checked
        .findings
        .iter()
        .filter(|finding| matches!(finding.rule.code, "ticket-surge" | "stands-on"))
        .map(|finding| (finding.rule.code, finding.path().unwrap_or_default()))
        .collect();
    assert_eq!(told.iter().filter(|(code, _)| *code == "ticket-surge").count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|(code, _)| *code == "stands-on").count(), 1, "{told:?}");
    assert!(told.iter().all(|(_, path)| *path == "mail.md"), "{told:?}");
}

const OPENING: &str = "---\nkind: opening\ntitle: Engineer, EMEA\ndescription: Two engineers </script> for Europe.\njob: /jobs/engineer.md\n\
    date_posted: 2026-11-01\nvalid_through: 2026-11-30\nemployment_type: [FULL_TIME, CONTRACTOR]\n\
    location: [{ remote: true, countries: [NL, DE] }, { locality: Utrecht, postal_code: 3511, country: NL }]\n\
    salary: { currency: EUR, min: 52000, max: 71000, unit: YEAR }\n\
    organization: { name: Fernhill, url: \"https://fernhill.example\", logo: /logo.png }\n---\n\n## Tasks\n\n- Answer **tickets**\n\n```sh\nrm -rf x\n```\n";

fn hiring(today: &str) -> (Checked, tempfile::TempDir) {
    let dir = knowledge_base(&[
        ("docent.yaml", "base_url: https://kb.example/team/\ncontent: docs\n"),
        ("docs/openings/emea.md", OPENING),
        ("docs/jobs/engineer.md", JOB),
        ("docs/index.md", "# Home\n\nText.\n"),
        ("static/logo.png", "no picture, but a file"),
    ]);
    let mut options = options(dir.path());
    options.model.today = today.into();
    (check(&options).unwrap(), dir)
}

/// The data for search engines on a page, if there is any.
fn posting(page: &str) -> Option<Value> {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">")?;
    Some(serde_json::from_str(rest.split_once("</script>")?.0).unwrap())
}

#[test]
fn an_opening_tells_search_engines_what_they_require_and_every_value_stands_on_the_page() {
    let (checked, _dir) = hiring("2026-11-23");
    let page = at(&checked, "/openings/emea/");
    let mut told = posting(&page).unwrap_or_else(|| panic!("{page}"));
    let description = told["description"].take();
    assert_eq!(
        told,
        serde_json::json!({
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "title": "Engineer, EMEA",
            "description": null,
            "url": "https://kb.example/team/openings/emea/",
            "datePosted": "2026-11-01",
            "validThrough": "2026-11-30",
            "employmentType": ["FULL_TIME", "CONTRACTOR"],
            "hiringOrganization": {
                "@type": "Organization",
                "name": "Fernhill",
                "sameAs": "https://fernhill.example",
                "logo": "https://kb.example/team/logo.png"
            },
            "jobLocationType": "TELECOMMUTE",
            "applicantLocationRequirements": [
                { "@type": "Country", "name": "NL" },
                { "@type": "Country", "name": "DE" }
            ],
            "jobLocation": [{
                "@type": "Place",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": "Utrecht",
                    "postalCode": "3511",
                    "addressCountry": "NL"
                }
            }],
            "baseSalary": {
                "@type": "MonetaryAmount",
                "currency": "EUR",
                "value": { "@type": "QuantitativeValue", "minValue": 52000, "maxValue": 71000, "unitText": "YEAR" }
            }
        })
    );
    let description = description.as_str().unwrap();
    assert!(description.starts_with("<p>Two engineers &lt;/script&gt; for Europe.</p>"), "{description}");
    assert!(
        description.contains("<h2>Tasks</h2>") && description.contains("<li>Answer tickets</li>"),
        "{description}"
    );
    expect(
        &page,
        &[
            "<p>Two engineers &lt;/script&gt; for Europe.</p>",
            "<dt>Role</dt><dd><a href=\"/team/jobs/engineer/\">Engineer</a></dd>",
            "<dt>Place</dt><dd>Remote: NL, DE · 3511 Utrecht, NL</dd>",
            "<dt>Employment</dt><dd>Full time · Contractor</dd>",
            "<dt>Salary</dt><dd>EUR 52,000 to 71,000 a year</dd>",
            "<dt>Posted</dt><dd>2026-11-01</dd>",
            "<dt>Closes</dt><dd>2026-11-30, in 7 days</dd>",
            "<dt>Employer</dt><dd><a href=\"https://fernhill.example\">Fernhill</a></dd>",
            "<img src=\"/team/logo.png\" alt=\"Logo of the employer\"",
        ],
    );
    assert!(!page.contains("name=\"robots\""));
    expect(
        &at(&checked, "/jobs/engineer/"),
        &["<dt>Openings</dt><dd><a href=\"/team/openings/emea/\">Engineer, EMEA</a>, closes 2026-11-30</dd>"],
    );
    assert!(at(&checked, "/sitemap.xml").contains("/openings/emea/"));
    let with_data: Vec<&String> = checked
        .site
        .outputs
        .keys()
        .filter(|url| url.ends_with('/') && posting(&at(&checked, url)).is_some())
        .collect();
    assert_eq!(with_data, ["/openings/emea/"], "no list and no role has any");
}

#[test]
fn the_day_after_the_last_one_an_opening_is_closed_and_search_engines_are_told_nothing() {
    let (last_day, _dir) = hiring("2026-11-30");
    let page = at(&last_day, "/openings/emea/");
    assert!(posting(&page).is_some() && page.contains("2026-11-30, today"));
    let (closed, _dir) = hiring("2026-12-01");
    let page = at(&closed, "/openings/emea/");
    assert!(posting(&page).is_none());
    expect(
        &page,
        &[
            "<meta name=\"robots\" content=\"noindex\">",
            "This opening is closed since <time>2026-11-30</time>",
            "<dt>Closed</dt><dd>2026-11-30</dd>",
        ],
    );
    assert!(!at(&closed, "/jobs/engineer/").contains("<dt>Openings</dt>"));
    assert!(!at(&closed, "/sitemap.xml").contains("/openings/emea/"));
    expect(&at(&closed, "/kinds/opening/"), &["closed since 2026-11-30"]);
}

#[test]
fn an_opening_that_lacks_what_is_required_tells_search_engines_nothing() {
    for left_out in ["date_posted", "organization", "location", "description"] {
        let lines: Vec<&str> = OPENING.lines().filter(|line| !line.starts_with(left_out)).collect();
        let text = lines.join(
            "
",
        );
        let dir = knowledge_base(&[("openings/emea.md", &text), ("jobs/engineer.md", JOB)]);
        let checked = check(&options(dir.path())).unwrap();
        let told = posting(&at(&checked, "/openings/emea/"));
        assert!(told.is_none(), "{left_out}: {told:?}");
    }
}

#[test]
fn headings_that_stand_twice_on_a_job_page_of_a_real_handbook_have_ids_of_their_own() {
    let Some(dir) = corpus("gitlab-support") else { return };
    let ids = |dir: &Path| -> Vec<(String, Vec<String>)> {
        let checked = check(&options(dir)).unwrap();
        let jobs = checked.site.pages.iter().filter(|page| page.kind == "job");
        let ids = jobs.map(|page| {
            let ids = page.parsed.headings.iter().map(|heading| heading.id.clone()).collect();
            (page.parsed.content_path.clone(), ids)
        });
        ids.collect()
    };
    let first = ids(&dir);
    for (path, ids) in &first {
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{path}: {ids:?}");
    }
    let has_twice = |(_, ids): &&(String, Vec<String>)| {
        let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
        ids.iter().any(|id| {
            id.rsplit_once('-')
                .is_some_and(|(stem, end)| is_number(end) && ids.iter().any(|other| other == stem))
        })
    };
    let repeated = first.iter().filter(has_twice).count();
    assert!(repeated > 20, "{repeated} pages with a heading that stands twice");
    assert_eq!(first, ids(&dir), "the same each time");
}
