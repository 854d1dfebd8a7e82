//! Sections, their order, previous and next.
//!
//! In: pages with their addresses. Out: the tree of folders that hold pages, each folder's entries
//! in the order of the navigation, and every page's place in it. Not here: how it looks (`render`).

use std::collections::{BTreeMap, BTreeSet};

use super::titles::{number_prefix, readable_name};
use super::urls::{FileName, folder_address};
use super::{Child, Page, PageId, Section, SectionId};
use crate::config::Config;

/// Builds the tree of sections and gives each page its section.
///
/// A folder's own page is its `index`, `_index` or `README`; a page that stands *beside* the folder
/// and has its address (`queues.md` beside `queues/`) is taken for it too.
pub(super) fn build_sections(pages: &mut [Page], config: &Config) -> Vec<Section> {
    let mut paths = BTreeSet::from([String::new()]);
    for page in pages.iter() {
        let mut folder = FileName::of(&page.parsed.content_path).folder;
        while !folder.is_empty() && paths.insert(folder.to_owned()) {
            folder = parent(folder);
        }
    }
    let ids: BTreeMap<String, SectionId> = paths.into_iter().zip(0..).collect();
    let mut sections: Vec<Section> = Vec::with_capacity(ids.len());
    for path in ids.keys() {
        let parent = (!path.is_empty()).then(|| ids[parent(path)]);
        let url = folder_address(path);
        sections.push(Section { path: path.clone(), url, parent, ..Section::default() });
    }
    find_section_pages(pages, &ids, &mut sections);
    for section in &mut sections {
        let name = section.path.rsplit('/').next().unwrap_or_default();
        section.title = match section.page {
            Some(page) => pages[page].title.clone(),
            None if section.path.is_empty() => config.title.clone(),
            None => readable_name(name),
        };
    }
    fill_sections(pages, &mut sections);
    sections
}

/// The folder above, empty for the content directory.
pub(super) fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn find_section_pages(pages: &mut [Page], ids: &BTreeMap<String, SectionId>, sections: &mut [Section]) {
    for (id, page) in pages.iter_mut().enumerate() {
        let folder = FileName::of(&page.parsed.content_path).folder;
        page.section = ids[folder];
        if page.is_section_page {
            let section = &mut sections[page.section];
            if section.page.is_none() {
                section.page = Some(id);
                section.url.clone_from(&page.url);
            }
        }
    }
    let homeless: BTreeMap<String, SectionId> = sections
        .iter()
        .enumerate()
        .filter(|(_, section)| section.page.is_none() && !section.path.is_empty())
        .map(|(id, section)| (section.url.clone(), id))
        .collect();
    for (id, page) in pages.iter_mut().enumerate() {
        if let Some(&section) = homeless.get(&page.url).filter(|_| !page.is_section_page) {
            page.section = section;
            page.is_section_page = true;
            sections[section].page.get_or_insert(id);
        }
    }
}

fn fill_sections(pages: &[Page], sections: &mut [Section]) {
    for (id, page) in pages.iter().enumerate() {
        if sections[page.section].page != Some(id) {
            sections[page.section].children.push(Child::Page(id));
        }
        let mut above = Some(page.section);
        while let Some(section) = above {
            sections[section].page_count += 1;
            above = sections[section].parent;
        }
    }
    for id in 1..sections.len() {
        if let Some(parent) = sections[id].parent {
            sections[parent].children.push(Child::Section(id));
        }
    }
    for id in 0..sections.len() {
        let mut children = std::mem::take(&mut sections[id].children);
        children.sort_by_cached_key(|child| order(*child, pages, sections));
        sections[id].children = children;
    }
}

/// What siblings are sorted by: weight, then the numbers that the name starts with, then the title
/// without regard to case, then the path.
type Order = (i64, bool, Vec<u64>, String, String);

fn order(child: Child, pages: &[Page], sections: &[Section]) -> Order {
    let (page, path, title) = match child {
        Child::Page(id) => (Some(id), &pages[id].parsed.content_path, &pages[id].title),
        Child::Section(id) => (sections[id].page, &sections[id].path, &sections[id].title),
    };
    let weight = page.and_then(|id| pages[id].parsed.front.weight).unwrap_or(i64::MAX);
    let (numbers, _) = number_prefix(path.rsplit('/').next().unwrap_or_default());
    (weight, numbers.is_empty(), numbers, title.to_lowercase(), path.clone())
}

/// Gives each page the one before and after it in the order of the whole navigation: a folder's own
/// page first, then its entries.
pub(super) fn link_neighbours(pages: &mut [Page], sections: &[Section]) {
    let mut order: Vec<PageId> = Vec::with_capacity(pages.len());
    let mut open = vec![Child::Section(0)];
    while let Some(child) = open.pop() {
        match child {
            Child::Page(page) => order.push(page),
            Child::Section(section) => {
                order.extend(sections[section].page);
                open.extend(sections[section].children.iter().rev());
            }
        }
    }
    for pair in order.windows(2) {
        pages[pair[0]].next = Some(pair[1]);
        pages[pair[1]].previous = Some(pair[0]);
    }
}
