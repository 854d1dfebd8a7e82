//! The order of the queue: integers only, the same on every machine.

use super::statistics::{logistic, milli_log2};

/// Where the sum of doubt begins, milli-logits.
pub(super) const START: i32 = -3000;

/// The priority of a page: the logistic curve of its doubt times 1 + log2(1 + tickets in 56 days), in
/// thousandths.
pub(super) fn priority(doubt: i32, tickets: u32) -> u32 {
    let use_of = 1000 + u64::from(milli_log2(1 + u64::from(tickets), 1).unsigned_abs());
    ((logistic(doubt) * use_of + 500_000) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_is_the_logistic_of_the_doubt_times_the_use_of_the_page() {
        // 1000 / (1 + e^0.5) · (1 + log2 15), and so on.
        for (doubt, tickets, expected) in
            [(-500, 14, 1853), (-3000, 0, 47), (0, 0, 500), (0, 1, 1000), (4000, 7, 3928)]
        {
            let found = priority(doubt, tickets);
            assert!(found.abs_diff(expected) <= 1, "{doubt} {tickets}: {found}");
        }
    }
}
