//! The lanes in which messages to people wait.

/// What waits for what. Of all that is due, the lanes are served in this order; and what is not due
/// holds up its own lane of its own chat alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Answers to what a person did.
    Answers,
    /// What a person must know: it keeps its order with the answers.
    News,
    /// How something stands, which the next message says anew.
    Status,
    /// One message to everybody.
    Broadcast,
}

impl Lane {
    /// Every lane, in the order of service.
    pub const ALL: [Self; 4] = [Self::Answers, Self::News, Self::Status, Self::Broadcast];

    /// The number in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// Whether messages of both lanes go to a person one after the other.
    pub fn keeps_order_with(self, other: Self) -> bool {
        self.max(Self::News) == other.max(Self::News)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_news_are_one_line_and_the_others_are_their_own() {
        let order = |lane: Lane| Lane::ALL.map(|other| lane.keeps_order_with(other));
        let both = [true, true, false, false];
        let own = [[false, false, true, false], [false, false, false, true]];
        assert_eq!(Lane::ALL.map(order), [both, both, own[0], own[1]]);
        assert_eq!(Lane::ALL.map(Lane::number), [0, 1, 2, 3]);
    }
}
