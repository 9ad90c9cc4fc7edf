//! Random numbers that repeat: the same seed gives the same sequence.

/// The `number`-th value of the sequence of a seed: 64 well-mixed bits (splitmix64).
pub fn random_bits(seed: u64, number: u64) -> u64 {
    let mut bits = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A random sequence that counts how much of it was used.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeededRandom(u64);

impl SeededRandom {
    /// With a probability of `rate` (0 to 1) returns 64 random bits, by which to choose
    /// what happens.
    pub(crate) fn chance(&mut self, seed: u64, rate: f64) -> Option<u64> {
        let number = 2 * self.0;
        self.0 += 1;
        let high = u32::try_from(random_bits(seed, number) >> 32).unwrap_or(u32::MAX);
        (f64::from(high) / 2f64.powi(32) < rate).then(|| random_bits(seed, number + 1))
    }
}

/// One of several things, all equally likely, chosen by random bits.
pub(crate) fn choose<T>(things: &[T], bits: u64) -> Option<&T> {
    let at = bits.checked_rem(things.len() as u64)?;
    things.get(usize::try_from(at).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_comes_as_often_as_asked_and_repeats_with_its_seed() {
        let chances = |rate: f64| {
            let mut random = SeededRandom::default();
            (0..10_000).map(|_| random.chance(7, rate)).collect::<Vec<_>>()
        };
        let count = |rate: f64| chances(rate).iter().flatten().count();
        assert_eq!((count(0.0), count(1.0)), (0, 10_000));
        assert!((2_800..3_200).contains(&count(0.3)));
        assert_eq!(chances(0.3), chances(0.3));
    }

    #[test]
    fn each_thing_has_its_turn() {
        let seen = |bits| *choose(&["a", "b", "c"], bits).unwrap();
        assert_eq!([0, 1, 2, 3].map(seen), ["a", "b", "c", "a"]);
        assert_eq!(choose::<u8>(&[], 5), None);
    }
}
