//! What a person sees while a run takes its time, and what `--timings` prints after it.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Observer, Stage};

/// Measures stages, and shows them on a terminal.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    stages: Mutex<Vec<(Stage, Instant, Option<Duration>)>>,
}

impl Progress {
    /// `visible`: a person looks at standard error.
    pub(super) fn new(visible: bool) -> Self {
        let bar = visible.then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {msg} {bar:30} {human_pos}/{human_len}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, stages: Mutex::new(Vec::new()) }
    }

    /// Takes the bar off the terminal.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// How long each stage took, in the order of their beginnings.
    pub(super) fn timings(&self) -> Vec<(Stage, Duration)> {
        let Ok(stages) = self.stages.lock() else { return Vec::new() };
        stages.iter().filter_map(|(stage, _, time)| time.map(|time| (*stage, time))).collect()
    }
}

impl Observer for Progress {
    #[expect(clippy::disallowed_methods, reason = "the command line is where the clock is")]
    fn begin(&self, stage: Stage, total: usize) {
        if let Ok(mut stages) = self.stages.lock() {
            stages.push((stage, Instant::now(), None));
        }
        // Indexing runs beside rendering, which has the count worth seeing.
        if let (Some(bar), false) = (&self.bar, stage == Stage::Index) {
            bar.set_message(stage.word());
            bar.set_length(total as u64);
            bar.set_position(0);
        }
    }

    fn advance(&self, _stage: Stage) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    fn end(&self, stage: Stage) {
        if let Ok(mut stages) = self.stages.lock()
            && let Some((_, start, time)) = stages.iter_mut().rev().find(|(s, _, _)| *s == stage)
        {
            *time = Some(start.elapsed());
        }
    }
}
