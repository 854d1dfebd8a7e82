//! The arithmetic of evidence.
//!
//! In: counts. Out: chances (in `f64`, from the regularised incomplete beta function) and what the
//! queue is ordered by: logarithms and the logistic curve in integers, the same on every machine.

use statrs::function::beta::checked_beta_reg;
use statrs::function::factorial::ln_binomial;

/// The chance of at least `recent` events among `recent + baseline` if each falls into the recent
/// window with chance `share`, in series whose variance is `dispersion` times their mean: the
/// regularised incomplete beta function I(share; recent/φ, baseline/φ + 1). With φ = 1 it is the exact
/// conditional test of two Poisson rates.
pub fn chance(recent: f64, baseline: f64, share: f64, dispersion: f64) -> f64 {
    if recent <= 0.0 || share >= 1.0 {
        return 1.0;
    }
    if share <= 0.0 {
        return 0.0;
    }
    checked_beta_reg(recent / dispersion, baseline / dispersion + 1.0, share).unwrap_or(1.0)
}

/// Fisher's exact test, one-sided: the chance of at least `bad` bad ones among `drawn`, if `all_bad`
/// of `all` are bad and it does not matter which are drawn.
pub fn fisher(bad: u64, drawn: u64, all_bad: u64, all: u64) -> f64 {
    let most = drawn.min(all_bad);
    let least = bad.max((drawn + all_bad).saturating_sub(all));
    let whole = ln_binomial(all, drawn);
    let term =
        |count| (ln_binomial(all_bad, count) + ln_binomial(all - all_bad, drawn - count) - whole).exp();
    (least..=most).map(term).sum::<f64>().min(1.0)
}

/// Wilson's interval, 95 %: the shares between which the true one lies, if `hits` of `all` hit.
pub fn wilson(hits: u64, all: u64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (all as f64, hits as f64 / all as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}

/// Rounds to four significant digits, so that the last bits of a machine's logarithm are not shown.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// A chance in words that people can weigh: `1 in 760`, to two significant digits.
pub fn one_in(chance: f64) -> String {
    if chance < 1e-9 {
        return "1 in more than a billion".into();
    }
    #[expect(clippy::cast_sign_loss, reason = "a chance is positive")]
    let times = (1.0 / chance).min(1e9) as u64;
    let unit = 10u64.pow(times.max(1).ilog10().saturating_sub(1));
    format!("1 in {}", grouped((times + unit / 2) / unit * unit))
}

/// Digits in groups of three: `12,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 1000 · log2(numerator / denominator), rounded; 0 for a quotient below 1.
pub fn milli_log2(numerator: u64, denominator: u64) -> i32 {
    let quotient = (u128::from(numerator) << 32) / u128::from(denominator.max(1));
    if quotient <= 1 << 32 {
        return 0;
    }
    let whole = quotient.ilog2() - 32;
    let mut mantissa = quotient >> whole;
    let mut fraction = 0u32;
    for _ in 0..20 {
        mantissa = (mantissa * mantissa) >> 32;
        fraction <<= 1;
        if mantissa >= 2 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    whole.cast_signed() * 1000 + ((u64::from(fraction) * 1000 + (1 << 19)) >> 20) as i32
}

/// The logistic curve 1 / (1 + e^−x) in millionths, x in thousandths.
pub fn logistic(milli: i32) -> u64 {
    // e^|x| = 2^(|x| · log2 e), in 32 fractional bits.
    let exponent = (u128::from(milli.unsigned_abs().min(20_000)) * 1_442_695_040_889) << 32;
    let exponent = exponent / 1_000_000_000_000_000;
    let (whole, fraction) = (exponent >> 32, exponent & 0xffff_ffff);
    // 2^(1/2), 2^(1/4), …: each the root of the one before, in 62 fractional bits.
    let mut power = 1u128 << 62;
    let mut root = 2u128 << 62;
    for bit in (0..32).rev() {
        root = (root << 62).isqrt();
        if fraction >> bit & 1 == 1 {
            power = (power * root) >> 62;
        }
    }
    let power = (power >> 30) << whole;
    let small = (1_000_000u128 << 32) / ((1u128 << 32) + power);
    let small = small as u64;
    if milli < 0 { small } else { 1_000_000 - small }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SplitMix64`: the same numbers on every run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % limit
        }

        fn share(&mut self) -> f64 {
            0.05 + self.below(1_000_000) as f64 / 1_000_000.0 * 0.6
        }
    }

    /// The tail of the binomial distribution, summed from its definition.
    fn binomial_tail(recent: u64, baseline: u64, share: f64) -> f64 {
        let all = recent + baseline;
        let term = |count: u64| {
            let mut product = 1.0;
            let (mut ups, mut downs) = (count, all - count);
            for step in 0..count {
                product *= (all - step) as f64 / (step + 1) as f64;
                // Multiplied as it goes, so that nothing overflows.
                while product > 1.0 && (ups > 0 || downs > 0) {
                    if ups > 0 {
                        product *= share;
                        ups -= 1;
                    } else {
                        product *= 1.0 - share;
                        downs -= 1;
                    }
                }
            }
            product * share.powi(ups as i32) * (1.0 - share).powi(downs as i32)
        };
        (recent..=all).map(term).sum()
    }

    /// ∫ t^(a−1) (1−t)^(b−1) from 0 to `end`, by tanh-sinh quadrature.
    fn integral(a: f64, b: f64, end: f64) -> f64 {
        let step = 1.0 / 128.0;
        let half_pi = std::f64::consts::FRAC_PI_2;
        (-640..=640)
            .map(|at| {
                let x = f64::from(at) * step;
                let inner = half_pi * x.sinh();
                // The distance from the left end, without the loss of `1 + tanh`.
                let left = end / (1.0 + (-2.0 * inner).exp());
                let weight = end / 2.0 * half_pi * x.cosh() / inner.cosh().powi(2);
                let value = left.powf(a - 1.0) * (1.0 - left).max(0.0).powf(b - 1.0) * weight;
                if value.is_finite() { value * step } else { 0.0 }
            })
            .sum()
    }

    #[test]
    fn the_chance_is_the_binomial_tail_where_events_are_independent() {
        let mut random = Random(1);
        for _ in 0..1000 {
            let (recent, baseline, share) = (1 + random.below(60), random.below(200), random.share());
            let expected = binomial_tail(recent, baseline, share);
            let found = chance(recent as f64, baseline as f64, share, 1.0);
            assert!((found - expected).abs() < 1e-9, "{recent} {baseline} {share}: {found} {expected}");
        }
    }

    #[test]
    fn the_chance_is_the_integral_of_its_definition_where_events_come_in_bursts() {
        let mut random = Random(2);
        for _ in 0..1000 {
            let (recent, baseline, share) = (1 + random.below(60), random.below(200), random.share());
            let dispersion = 1.0 + random.below(3_000_000) as f64 / 1_000_000.0;
            let (a, b) = (recent as f64 / dispersion, baseline as f64 / dispersion + 1.0);
            let expected = integral(a, b, share) / integral(a, b, 1.0);
            let found = chance(recent as f64, baseline as f64, share, dispersion);
            assert!((found - expected).abs() < 1e-9, "{a} {b} {share}: {found} {expected}");
        }
    }

    #[test]
    fn the_chance_is_that_of_the_rate_ratio_test_of_r() {
        // rateratio.test(c(2, 9), c(17877, 16660)): two-sided p = 0.05011, twice the smaller tail.
        let two_sided = 2.0 * chance(9.0, 2.0, 16660.0 / (17877.0 + 16660.0), 1.0);
        assert!((two_sided - 0.05011).abs() < 5e-6, "{two_sided}");
    }

    #[test]
    fn nothing_recent_is_no_surprise() {
        for (recent, share, expected) in [(0.0, 0.5, 1.0), (3.0, 0.0, 0.0), (3.0, 1.0, 1.0)] {
            assert_eq!(chance(recent, 5.0, share, 1.0).to_bits(), f64::to_bits(expected));
        }
    }

    #[test]
    fn wilsons_interval_is_that_of_the_books() {
        // Hmisc::binconf(9, 10): 0.5958 to 0.9821; binconf(0, 5): 0 to 0.4345.
        for (hits, all, low, high) in [(9, 10, 0.5958, 0.9821), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0)] {
            let found = wilson(hits, all);
            assert!((found.0 - low).abs() < 1e-4 && (found.1 - high).abs() < 1e-4, "{hits}/{all}: {found:?}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn fishers_test_is_the_tail_of_the_hypergeometric_distribution() {
        // The lady tasting tea: fisher.test(matrix(c(3, 1, 1, 3), 2), alternative = "greater").
        assert!((fisher(3, 4, 4, 8) - 17.0 / 70.0).abs() < 1e-12);
        assert!((fisher(4, 4, 4, 8) - 1.0 / 70.0).abs() < 1e-12);
        assert!((fisher(0, 4, 4, 8) - 1.0).abs() < 1e-12);
        assert!((fisher(1, 3, 8, 8) - 1.0).abs() < 1e-12, "all are bad");
    }

    #[test]
    fn logarithms_and_the_logistic_curve_are_right_to_their_last_digit() {
        for (numerator, denominator) in [(3u64, 1u64), (5, 1), (15, 1), (91, 90), (400, 90), (1, 1), (8, 1)] {
            let expected = (numerator as f64 / denominator as f64).log2() * 1000.0;
            let found = f64::from(milli_log2(numerator, denominator));
            assert!((found - expected).abs() <= 0.51, "{numerator}/{denominator}: {found} {expected}");
        }
        assert_eq!(milli_log2(1, 2), 0);
        for milli in (-12_000..=12_000).step_by(371) {
            let expected = 1e6 / (1.0 + (-f64::from(milli) / 1000.0).exp());
            assert!((logistic(milli) as f64 - expected).abs() <= 1.0, "{milli}: {expected}");
        }
    }

    #[test]
    fn chances_are_told_in_words() {
        for (chance, words) in [
            (1.0 / 763.0, "1 in 760"),
            (0.5, "1 in 2"),
            (0.0099, "1 in 100"),
            (1.0 / 12_345.0, "1 in 12,000"),
            (1e-300, "1 in more than a billion"),
        ] {
            assert_eq!(one_in(chance), words);
        }
        assert_eq!(rounded(0.123_456).to_string(), "0.1235");
    }
}
