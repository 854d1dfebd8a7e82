//! Who is told how far a run is.

/// A part of a run that takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Disk → sources.
    Read,
    /// Sources → parsed pages.
    Parse,
    /// Parsed pages → site.
    Join,
    /// Site → findings.
    Check,
    /// Links to other sites → results.
    Ask,
    /// Assets → output.
    Copy,
    /// Site → HTML → output.
    Render,
    /// Site → search index.
    Index,
    /// Output → live folder.
    Publish,
}

impl Stage {
    /// For people: what is being done.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "reading",
            Self::Parse => "parsing",
            Self::Join => "joining",
            Self::Check => "checking",
            Self::Ask => "asking other sites",
            Self::Copy => "copying",
            Self::Render => "rendering",
            Self::Index => "indexing",
            Self::Publish => "publishing",
        }
    }
}

/// Who is told how far a run is. The pipeline has no clock; an observer may have one.
pub trait Observer: std::fmt::Debug + Send + Sync {
    /// A stage begins; `total` is the number of steps it has, 0 if unknown.
    fn begin(&self, stage: Stage, total: usize);
    /// One step of the stage is done.
    fn advance(&self, stage: Stage);
    /// The stage is over.
    fn end(&self, stage: Stage);
}
