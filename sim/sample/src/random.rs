//! Randomness by position: every draw is a function of seed, stream and index, so that any part of the
//! world can be written alone, in any order, and comes out the same.

/// The finaliser of splitmix64: a bijection that mixes every bit.
pub(crate) const fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Draw number `index` of stream `stream` under `seed`.
pub(crate) const fn draw(seed: u64, stream: u64, index: u64) -> u64 {
    mix(seed ^ mix(stream ^ mix(index)))
}

/// A draw brought below `bound`; 0 when `bound` is 0.
pub(crate) const fn below(draw: u64, bound: u64) -> u64 {
    ((draw as u128 * bound as u128) >> 64) as u64
}

/// One of these, by a draw.
pub(crate) fn pick<T: Copy + Default>(draw: u64, from: &[T]) -> T {
    from.get(below(draw, from.len() as u64) as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{below, draw, pick};

    #[test]
    fn draws_repeat_and_stay_below() {
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 3, 2));
        for i in 0..10_000 {
            assert!(below(draw(7, 7, i), 10) < 10);
        }
        assert_eq!(below(u64::MAX, 0), 0);
        assert_eq!(pick(u64::MAX, &[1, 2, 3]), 3);
        assert_eq!(pick::<u8>(0, &[]), 0);
    }
}
