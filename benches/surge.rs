//! How often the surge test is wrong: a simulated knowledge base, run after run.
//!
//! 300 articles with log-normal rates (median half a ticket a week, 99th percentile 8), counts that
//! scatter φ times as wide as independent ones, all tickets growing by half a percent a week with a
//! busy week here and there. First nothing changes: every flag is false. Then ten pages get three
//! times their tickets for the last eight weeks. `cargo bench --bench surge`.
#![allow(missing_docs, clippy::print_stdout)]

use docent::freshness::surge::{Counts, Level, Series, Thresholds, judge};

const ARTICLES: usize = 300;
const SURGES: usize = 10;
const RUNS: u64 = 200;
const WEEKS: usize = 26;
const RECENT: usize = 8;

/// `SplitMix64` and the distributions made of it: the same numbers on every run.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + f64::EPSILON
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Gamma with this shape and scale 1, after Marsaglia and Tsang.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.unit().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Poisson with this mean, in parts small enough for the product of uniforms.
    fn poisson(&mut self, mut mean: f64) -> u32 {
        let mut count = 0;
        while mean > 0.0 {
            let part = mean.min(20.0);
            mean -= part;
            let (mut product, limit) = (self.unit(), (-part).exp());
            while product > limit {
                product *= self.unit();
                count += 1;
            }
        }
        count
    }

    /// A count with this mean and a variance of `dispersion` times it: a Poisson of a gamma.
    fn count(&mut self, mean: f64, dispersion: f64) -> u32 {
        if dispersion <= 1.0 {
            return self.poisson(mean);
        }
        let scale = dispersion - 1.0;
        let rate = self.gamma(mean / scale) * scale;
        self.poisson(rate)
    }
}

/// One knowledge base; its first articles of middling use have `growth` times their tickets of late.
fn simulate(random: &mut Random, dispersion: f64, growth: f64) -> (Vec<Series>, Vec<bool>) {
    // 0.5 · e^(σ · 2.326) = 8.
    let sigma = 16f64.ln() / 2.326;
    let busy: Vec<f64> = (0..WEEKS + RECENT)
        .map(|week| 1.005f64.powf(week as f64) * if random.unit() < 0.1 { 1.5 } else { 1.0 })
        .collect();
    let mut own = Vec::with_capacity(ARTICLES);
    let mut surges = Vec::with_capacity(ARTICLES);
    let mut left = if growth > 1.0 { SURGES } else { 0 };
    for _ in 0..ARTICLES {
        let rate = 0.5 * (sigma * random.normal()).exp();
        // A page that hardly anybody needs cannot surge visibly.
        let surge = left > 0 && rate >= 1.0;
        left -= usize::from(surge);
        let weeks = busy[..WEEKS].iter().map(|busy| random.count(rate * busy, dispersion)).collect();
        let late = rate * if surge { growth } else { 1.0 };
        let recent = busy[WEEKS..].iter().map(|busy| random.count(late * busy, dispersion)).sum();
        own.push(Counts { recent, weeks });
        surges.push(surge);
    }
    let all = Counts {
        recent: own.iter().map(|counts| counts.recent).sum(),
        weeks: (0..WEEKS).map(|week| own.iter().map(|counts| counts.weeks[week]).sum()).collect(),
    };
    (own.into_iter().map(|own| Series { own, all: all.clone() }).collect(), surges)
}

fn main() {
    let thresholds = Thresholds { watch: 0.01, alarm: 0.001, false_discovery: None };
    println!("{ARTICLES} articles, {RUNS} runs, {SURGES} surges of three times the usual");
    println!("dispersion  false p<.001  false p<.01  recall p<.01  precision p<.01");
    for (seed, dispersion) in [(1, 1.0), (2, 2.0), (4, 4.0)] {
        let (mut alarms, mut watches) = (0, 0);
        let (mut hits, mut surging, mut flagged) = (0, 0, 0);
        for run in 0..RUNS {
            let mut random = Random(run * 3 + seed);
            let (series, _) = simulate(&mut random, dispersion, 1.0);
            for verdict in judge(&series, thresholds) {
                alarms += u32::from(verdict.level == Some(Level::Alarm));
                watches += u32::from(verdict.level >= Some(Level::Watch));
            }
            let (series, surges) = simulate(&mut random, dispersion, 3.0);
            for (verdict, surge) in judge(&series, thresholds).iter().zip(surges) {
                let flag = verdict.level >= Some(Level::Watch);
                flagged += u32::from(flag);
                surging += u32::from(surge);
                hits += u32::from(flag && surge);
            }
        }
        let runs = RUNS as f64;
        println!(
            "{dispersion:>10}  {:>12.2}  {:>11.2}  {:>10.0} %  {:>13.0} %",
            f64::from(alarms) / runs,
            f64::from(watches) / runs,
            f64::from(hits) * 100.0 / f64::from(surging),
            f64::from(hits) * 100.0 / f64::from(flagged),
        );
    }
}
