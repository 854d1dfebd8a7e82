//! Where boxes and arrows of a graph stand: columns from left to right.
//!
//! In: how many boxes, and edges between them. Out: a place for each box and a way for each edge. A box
//! stands right of all that it needs. Edges that pass a column have a place of their own in it, so no
//! way runs through a box. Boxes without an edge stand below in rows.

use std::collections::BTreeSet;

/// Width of a box.
pub const WIDTH: i32 = 152;
/// Height of a box.
pub const HEIGHT: i32 = 56;
/// Room between columns, where the ways bend.
const ACROSS: i32 = 36;
/// Room between what stands in one column.
const DOWN: i32 = 16;
/// Times that the columns are put in order, once from each side.
const SWEEPS: usize = 12;
/// Columns of the boxes without an edge, if nothing else asks for more.
const ALONE: usize = 4;

/// Where everything stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Left upper corner of each box.
    pub places: Vec<(i32, i32)>,
    /// Of each edge its points: pairs of them are the ends of level pieces.
    pub ways: Vec<Vec<(i32, i32)>>,
    /// Size of all of it.
    pub width: i32,
    /// Size of all of it.
    pub height: i32,
}

/// Something that has a place in a column: a box, or an edge that passes.
struct Item {
    column: usize,
    is_box: bool,
    /// Items that it is joined to in the column before, and in the one after.
    before: Vec<usize>,
    after: Vec<usize>,
}

/// Finds a place for everything.
pub fn lay_out(boxes: usize, edges: &[(usize, usize)]) -> Layout {
    let columns = columns(boxes, edges);
    let joined: BTreeSet<usize> = edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut items: Vec<Item> = columns
        .iter()
        .map(|column| Item { column: *column, is_box: true, before: Vec::new(), after: Vec::new() })
        .collect();
    let chains: Vec<Vec<usize>> = edges.iter().map(|edge| chain(*edge, &mut items)).collect();
    let count = joined.iter().map(|at| columns[*at] + 1).max().unwrap_or(0);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, item) in items.iter().enumerate() {
        if !item.is_box || joined.contains(&at) {
            order[item.column].push(at);
        }
    }
    order_columns(&items, &mut order);
    let mut middles = settle_columns(&items, &order);
    let top = order.iter().flatten().map(|at| middles[*at] - half(&items[*at])).min().unwrap_or(0);
    for at in order.iter().flatten() {
        middles[*at] -= top;
    }
    let bottom = order.iter().flatten().map(|at| middles[*at] + half(&items[*at])).max().unwrap_or(0);
    let left = |column: usize| i32::try_from(column).unwrap_or(0) * (WIDTH + ACROSS);
    let mut places: Vec<(i32, i32)> =
        (0..boxes).map(|at| (left(items[at].column), middles[at] - HEIGHT / 2)).collect();
    let alone: Vec<usize> = (0..boxes).filter(|at| !joined.contains(at)).collect();
    let wide = count.max(ALONE.min(alone.len())).max(1);
    let start = if count == 0 { 0 } else { bottom + 2 * DOWN };
    for (number, at) in alone.iter().enumerate() {
        let row = i32::try_from(number / wide).unwrap_or(0);
        places[*at] = (left(number % wide), start + row * (HEIGHT + DOWN));
    }
    let ways = chains.iter().map(|chain| way(chain, &items, &middles)).collect();
    let height = places.iter().map(|(_, y)| y + HEIGHT).max().unwrap_or(0).max(bottom);
    let width = places.iter().map(|(x, _)| x + WIDTH).max().unwrap_or(0);
    Layout { places, ways, width, height }
}

/// The column of each box: right of all that comes before it; what needs nothing stands as near as it can
/// to what needs it. An edge that would close a circle counts the other way round.
fn columns(boxes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let rank = ranks(boxes, edges);
    let mut forward: Vec<(usize, usize)> =
        edges.iter().map(|(a, b)| if rank[*a] < rank[*b] { (*a, *b) } else { (*b, *a) }).collect();
    forward.sort_by_key(|(from, to)| (rank[*from], rank[*to]));
    let mut columns = vec![0; boxes];
    for (from, to) in forward.iter().filter(|(from, to)| from != to) {
        columns[*to] = columns[*to].max(columns[*from] + 1);
    }
    for at in 0..boxes {
        let after = forward.iter().filter(|(from, to)| *from == at && from != to).map(|(_, to)| columns[*to]);
        if let (true, Some(near)) = (columns[at] == 0, after.min()) {
            columns[at] = near - 1;
        }
    }
    columns
}

/// An order in which what is needed comes first, circles aside.
fn ranks(boxes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut waits = vec![0_usize; boxes];
    for (_, to) in edges.iter().filter(|(from, to)| from != to) {
        waits[*to] += 1;
    }
    let mut rank = vec![usize::MAX; boxes];
    for next in 0..boxes {
        let open = (0..boxes).filter(|at| rank[*at] == usize::MAX);
        let Some(at) = open.min_by_key(|at| (waits[*at], *at)) else { break };
        rank[at] = next;
        for (_, to) in edges.iter().filter(|(from, to)| *from == at && from != to) {
            waits[*to] = waits[*to].saturating_sub(1);
        }
    }
    rank
}

/// The items along an edge, with one for each column that it passes.
fn chain((from, to): (usize, usize), items: &mut Vec<Item>) -> Vec<usize> {
    let (first, last) = if items[from].column <= items[to].column { (from, to) } else { (to, from) };
    let mut chain = vec![first];
    for column in items[first].column + 1..items[last].column {
        items.push(Item { column, is_box: false, before: Vec::new(), after: Vec::new() });
        chain.push(items.len() - 1);
    }
    chain.push(last);
    for pair in chain.windows(2) {
        items[pair[0]].after.push(pair[1]);
        items[pair[1]].before.push(pair[0]);
    }
    chain
}

/// Puts each column in the order of what its items are joined to, and keeps the order with the fewest
/// crossings.
fn order_columns(items: &[Item], order: &mut Vec<Vec<usize>>) {
    let mut best = order.clone();
    let mut least = crossings(items, order);
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let columns: Vec<usize> = if forward {
            (1..order.len()).collect()
        } else {
            (0..order.len().saturating_sub(1)).rev().collect()
        };
        for column in columns {
            let other = places_in(&order[if forward { column - 1 } else { column + 1 }], items.len());
            let mean = |at: usize, own: usize| {
                let joined = if forward { &items[at].before } else { &items[at].after };
                let sum: usize = joined.iter().map(|at| other[*at]).sum();
                // In thousandths; what is joined to nothing stays where it is.
                (1000 * sum).checked_div(joined.len()).unwrap_or(1000 * own)
            };
            let mut sorted: Vec<(usize, usize, usize)> =
                order[column].iter().enumerate().map(|(own, at)| (mean(*at, own), own, *at)).collect();
            sorted.sort_unstable();
            order[column] = sorted.into_iter().map(|(_, _, at)| at).collect();
        }
        let found = crossings(items, order);
        if found < least {
            least = found;
            best.clone_from(order);
        }
    }
    *order = best;
}

fn places_in(column: &[usize], all: usize) -> Vec<usize> {
    let mut places = vec![0; all];
    for (place, at) in column.iter().enumerate() {
        places[*at] = place;
    }
    places
}

/// How often edges cross between neighbouring columns.
fn crossings(items: &[Item], order: &[Vec<usize>]) -> usize {
    let pairs = order.iter().zip(order.iter().skip(1));
    let count = |(left, right): (&Vec<usize>, &Vec<usize>)| {
        let places = places_in(right, items.len());
        let ends: Vec<(usize, usize)> = left
            .iter()
            .enumerate()
            .flat_map(|(from, at)| items[*at].after.iter().map(move |to| (from, *to)))
            .map(|(from, to)| (from, places[to]))
            .collect();
        let crosses = |(a, b): &(usize, usize), (c, d): &(usize, usize)| (a < c && b > d) || (a > c && b < d);
        ends.iter()
            .enumerate()
            .map(|(at, one)| ends[..at].iter().filter(|other| crosses(one, other)).count())
            .sum::<usize>()
    };
    pairs.map(count).sum()
}

fn half(item: &Item) -> i32 {
    if item.is_box { HEIGHT / 2 } else { 0 }
}

/// The middle of each item: as level with what it is joined to as the room in its column allows.
fn settle_columns(items: &[Item], order: &[Vec<usize>]) -> Vec<i32> {
    let mut middles = vec![0; items.len()];
    for column in order {
        settle(items, column, &vec![0; column.len()], &mut middles);
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let columns: Vec<&Vec<usize>> =
            if forward { order.iter().collect() } else { order.iter().rev().collect() };
        for column in columns {
            let wanted: Vec<i32> = column
                .iter()
                .map(|at| {
                    let joined = if forward { &items[*at].before } else { &items[*at].after };
                    let sum: i32 = joined.iter().map(|at| middles[*at]).sum();
                    sum.checked_div(i32::try_from(joined.len()).unwrap_or(0)).unwrap_or(middles[*at])
                })
                .collect();
            settle(items, column, &wanted, &mut middles);
        }
    }
    middles
}

/// Gives the items of a column the places nearest to those wanted, with room between them: neighbours
/// that come too near are moved together.
fn settle(items: &[Item], column: &[usize], wanted: &[i32], middles: &mut [i32]) {
    // How far each stands below the first if all touch.
    let mut below = Vec::with_capacity(column.len());
    let mut at_least = 0;
    for (place, at) in column.iter().enumerate() {
        if let Some(before) = place.checked_sub(1) {
            at_least += half(&items[column[before]]) + DOWN + half(&items[*at]);
        }
        below.push(at_least);
    }
    // Groups that touch: sum of what their members want of the first, and how many they are.
    let mut groups: Vec<(i64, i64)> = Vec::new();
    for (want, below) in wanted.iter().zip(&below) {
        let mut group = (i64::from(want - below), 1);
        while let Some(last) = groups.pop_if(|last| last.0 * group.1 >= group.0 * last.1) {
            group = (group.0 + last.0, group.1 + last.1);
        }
        groups.push(group);
    }
    let mut place = 0;
    for (sum, count) in groups {
        let first = i32::try_from(sum.div_euclid(count)).unwrap_or(0);
        for _ in 0..count {
            middles[column[place]] = first + below[place];
            place += 1;
        }
    }
}

/// From the right side of the first box to the left side of the last, level across each column.
fn way(chain: &[usize], items: &[Item], middles: &[i32]) -> Vec<(i32, i32)> {
    let mut points = Vec::new();
    for (at, item) in chain.iter().enumerate() {
        let left = i32::try_from(items[*item].column).unwrap_or(0) * (WIDTH + ACROSS);
        let y = middles[*item];
        if at > 0 {
            points.push((left, y));
        }
        if at + 1 < chain.len() {
            points.push((left + WIDTH, y));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edges of every shape from a number, the same each time.
    fn graph(boxes: usize, edges: usize, seed: u64) -> Vec<(usize, usize)> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % most as u64).unwrap()
        };
        let pairs: BTreeSet<(usize, usize)> = (0..edges).map(|_| (next(boxes), next(boxes))).collect();
        pairs.into_iter().filter(|(from, to)| from != to).collect()
    }

    #[test]
    fn no_boxes_overlap_and_no_way_runs_through_a_box() {
        for seed in 0..60 {
            let boxes = 2 + (seed as usize * 7) % 40;
            let edges = graph(boxes, boxes * 2, seed);
            let layout = lay_out(boxes, &edges);
            assert_eq!(layout.places.len(), boxes);
            for (at, (x, y)) in layout.places.iter().enumerate() {
                assert!(*x >= 0 && *y >= 0 && x + WIDTH <= layout.width && y + HEIGHT <= layout.height);
                for (other_x, other_y) in &layout.places[..at] {
                    let apart = (x - other_x).abs() >= WIDTH || (y - other_y).abs() >= HEIGHT + DOWN;
                    assert!(apart, "seed {seed}: two boxes at {x}, {y} and {other_x}, {other_y}");
                }
            }
            for way in &layout.ways {
                // The pieces inside a column; those between columns meet no box.
                for piece in way[1..way.len() - 1].chunks(2) {
                    let [(from, y), (to, _)] = piece else { panic!("{way:?}") };
                    let hits = |(x, top): &&(i32, i32)| {
                        *x < *to && x + WIDTH > *from && *top < *y && top + HEIGHT > *y
                    };
                    assert!(layout.places.iter().all(|place| !hits(&place)), "seed {seed}: {way:?}");
                }
            }
            assert_eq!(layout, lay_out(boxes, &edges));
        }
    }

    #[test]
    fn what_is_needed_stands_to_the_left_and_a_circle_ends() {
        let layout = lay_out(5, &[(0, 1), (1, 2), (0, 2), (3, 2)]);
        let column = |at: usize| layout.places[at].0 / (WIDTH + ACROSS);
        assert_eq!([column(0), column(1), column(2)], [0, 1, 2]);
        assert_eq!(column(3), 1, "near to what needs it");
        assert!(layout.places[4].1 > layout.places[2].1, "alone, below");
        assert_eq!(
            layout.ways[0],
            [(WIDTH, layout.places[0].1 + HEIGHT / 2), (WIDTH + ACROSS, layout.places[1].1 + HEIGHT / 2)]
        );
        let circle = lay_out(3, &[(0, 1), (1, 2), (2, 0)]);
        assert_eq!(circle.places.iter().map(|(x, _)| *x).collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn ways_that_can_be_drawn_without_crossing_do_not_cross() {
        // Two chains whose boxes are named crosswise.
        let edges = [(0, 3), (1, 2), (3, 4), (2, 5)];
        let layout = lay_out(6, &edges);
        let middle = |at: usize| layout.places[at].1;
        assert_eq!(middle(0), middle(3));
        assert_eq!(middle(3), middle(4));
        assert_eq!(middle(1), middle(2));
        assert_eq!(middle(2), middle(5));
    }
}
